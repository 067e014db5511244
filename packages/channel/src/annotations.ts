import type {
  AnnotationDraft,
  AnnotationMethod,
  AnnotationSummaryValue,
  AnnotationType,
  ClientsSummary,
  CountsSummary,
  TotalSummary,
} from './annotation.ts';

const METHODS: Readonly<Record<AnnotationMethod, { readonly named: boolean; readonly identified: boolean }>> =
  {
    total: { named: false, identified: false },
    flag: { named: false, identified: true },
    distinct: { named: true, identified: true },
    unique: { named: true, identified: true },
    multiple: { named: true, identified: false },
  };

/** What a method asks of an annotation: a name, an identified client. */
export function methodRules(method: AnnotationMethod): {
  readonly named: boolean;
  readonly identified: boolean;
} {
  return METHODS[method];
}

/** The method in an annotation type's name; undefined where the name is not `namespace:method.v1`. */
export function annotationMethod(type: string): AnnotationMethod | undefined {
  const method = /^[^:\s]+:([a-z]+)\.v1$/.exec(type)?.[1];
  return method !== undefined && Object.hasOwn(METHODS, method) ? (method as AnnotationMethod) : undefined;
}

type Names<S> = Readonly<Record<string, S>>;
type Types = Readonly<Record<string, AnnotationSummaryValue>>;

/**
 * The summaries after one more annotation; the same object where it changes nothing. Deduplication by id is the
 * caller's.
 */
export function foldAnnotation(types: Types, draft: AnnotationDraft, clientId: string | undefined): Types {
  const before = types[draft.type];
  const after = foldValue(draft.type, before, draft, clientId);
  if (after === before) return types;
  if (after === undefined) {
    const { [draft.type]: _, ...rest } = types;
    return rest;
  }
  return { ...types, [draft.type]: after };
}

function foldValue(
  type: AnnotationType,
  before: AnnotationSummaryValue | undefined,
  draft: AnnotationDraft,
  clientId: string | undefined,
): AnnotationSummaryValue | undefined {
  const method = annotationMethod(type);
  const added = draft.action === 'add';
  const name = draft.name ?? '';
  switch (method) {
    case undefined:
      return before;
    case 'total': {
      const total = ((before as TotalSummary | undefined)?.total ?? 0) + (added ? 1 : -1);
      return total > 0 ? { total } : undefined;
    }
    case 'flag':
      return toggle(before as ClientsSummary | undefined, clientId, added);
    case 'distinct':
    case 'unique': {
      const names = (before ?? {}) as Names<ClientsSummary>;
      let next = withName(names, name, toggle(names[name], clientId, added));
      if (method === 'unique' && added)
        for (const other of Object.keys(names))
          if (other !== name) next = withName(next, other, toggle(next[other], clientId, false));
      return Object.keys(next).length === 0 ? undefined : next;
    }
    case 'multiple': {
      const names = (before ?? {}) as Names<CountsSummary>;
      const next = withName(names, name, count(names[name], draft, clientId));
      return Object.keys(next).length === 0 ? undefined : next;
    }
  }
}

function withName<S>(names: Names<S>, name: string, value: S | undefined): Names<S> {
  if (value === names[name]) return names;
  const { [name]: _, ...rest } = names;
  return value === undefined ? rest : { ...rest, [name]: value };
}

function toggle(
  before: ClientsSummary | undefined,
  clientId: string | undefined,
  present: boolean,
): ClientsSummary | undefined {
  if (clientId === undefined) return before;
  const clients = before?.clientIds ?? [];
  if (clients.includes(clientId) === present) return before;
  const clientIds = present ? [...clients, clientId] : clients.filter((other) => other !== clientId);
  return clientIds.length === 0 ? undefined : { total: clientIds.length, clientIds };
}

function count(
  before: CountsSummary | undefined,
  draft: AnnotationDraft,
  clientId: string | undefined,
): CountsSummary | undefined {
  const { clientIds, totalUnidentified } = before ?? NOTHING_COUNTED;
  const amount = draft.action === 'add' ? (draft.count ?? 1) : 0;
  if (clientId === undefined) {
    // An unidentified publisher has no count of its own to take back: a removal takes one.
    const unidentified = Math.max(0, totalUnidentified + (draft.action === 'add' ? amount : -1));
    return counts(clientIds, unidentified);
  }
  const { [clientId]: own, ...others } = clientIds;
  if (draft.action === 'remove') return own === undefined ? before : counts(others, totalUnidentified);
  return counts({ ...clientIds, [clientId]: (own ?? 0) + amount }, totalUnidentified);
}

const NOTHING_COUNTED: CountsSummary = { total: 0, clientIds: {}, totalUnidentified: 0 };

function counts(
  clientIds: Readonly<Record<string, number>>,
  totalUnidentified: number,
): CountsSummary | undefined {
  const total = Object.values(clientIds).reduce((sum, own) => sum + own, totalUnidentified);
  return total === 0 ? undefined : { total, clientIds, totalUnidentified };
}
