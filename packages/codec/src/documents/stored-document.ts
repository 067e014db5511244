import { isObject } from '../control.ts';
import { toPath, type Path } from '../growth.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Part, ToolPart } from '../part.ts';
import { drop, put } from './place.ts';

/** Where a document has what a part of the answer says: it is stored there only. */
export type Binding =
  /** The text of the part that the n-th `open` made. */
  | { readonly at: Path; readonly n: number; readonly as?: 'text' }
  /** A field of a call. */
  | { readonly at: Path; readonly call: string; readonly field: 'input' | 'output' };

/** A document of a provider as a log holds it. */
export interface StoredDocument {
  /** The document, with null where something is bound. */
  readonly rest: JsonValue;
  readonly bindings: ReadonlyMap<string, Binding>;
  /** Where text was ever bound: what lies there has been shown. */
  readonly shown: ReadonlySet<string>;
  /** The parts that stand between its beginning and the next one's. */
  readonly parts: readonly Part[];
}

export interface Documents {
  readonly documents: readonly StoredDocument[];
  /** What stands before the first document. */
  readonly before: readonly Part[];
}

/** What a `raw` control says about the document that was begun last; applied in the order of the fields. */
export interface DocumentPatch {
  readonly begin?: true;
  readonly drop?: readonly Path[];
  readonly set?: readonly (readonly [Path, JsonValue])[];
  readonly text?: readonly (readonly [Path, n: number, as?: 'text'])[];
  readonly value?: readonly (readonly [Path, call: string, field: 'input' | 'output'])[];
}

export function keyOf(path: Path): string {
  return JSON.stringify(path);
}

/** The documents that an answer's `raw` parts with a mark tell of. What can't be read is passed over. */
export function readDocuments(parts: readonly Part[], mark: string): Documents {
  const before: Part[] = [];
  const documents: StoredDocument[] = [];
  let own = before;
  for (const part of parts) {
    const patch = part.type === 'raw' && part.of === mark && isObject(part.chunk) ? part.chunk : undefined;
    if (patch === undefined) own.push(part);
    else {
      if (patch['begin'] === true)
        documents.push({ rest: null, bindings: new Map(), shown: new Set(), parts: (own = []) });
      const last = documents.pop();
      if (last !== undefined) documents.push(applyPatch(last, patch));
    }
  }
  return { documents, before };
}

/** A document with what a patch says, in its own words or as it was read. */
export function applyPatch(document: StoredDocument, patch: JsonObject): StoredDocument {
  let { rest } = document;
  const bindings = new Map(document.bindings);
  const shown = new Set(document.shown);
  const unbind = (path: Path): void => {
    for (const [key, { at }] of bindings) if (path.every((step, n) => step === at[n])) bindings.delete(key);
  };
  for (const dropped of listOf(patch['drop'])) {
    const path = toPath(dropped);
    if (path === undefined) continue;
    unbind(path);
    rest = drop(rest, path);
  }
  for (const [first, value = null] of entriesOf(patch['set'])) {
    const path = toPath(first);
    if (path === undefined) continue;
    unbind(path);
    rest = put(rest, path, value);
  }
  for (const [first, n, as] of entriesOf(patch['text'])) {
    const path = toPath(first);
    if (path === undefined || typeof n !== 'number') continue;
    shown.add(keyOf(path));
    bindings.set(keyOf(path), { at: path, n, ...(as === 'text' && { as }) });
  }
  for (const [first, call, field] of entriesOf(patch['value'])) {
    const path = toPath(first);
    if (path !== undefined && typeof call === 'string' && (field === 'input' || field === 'output'))
      bindings.set(keyOf(path), { at: path, call, field });
  }
  return { ...document, rest, bindings, shown };
}

/** The document whole: what is bound is put in its place. */
export function resolve({ rest, bindings, parts }: StoredDocument): JsonValue {
  let value = rest;
  for (const binding of bindings.values()) {
    // Of text that was lost nothing is left; a value that is not there yet is null.
    const said = saidBy(binding, parts) ?? ('n' in binding ? '' : undefined);
    if (said !== undefined) value = put(value, binding.at, said);
  }
  return value;
}

/** What the answer says of a binding; undefined where the part isn't there. */
export function saidBy(binding: Binding, parts: readonly Part[]): JsonValue | undefined {
  if ('call' in binding) return findCall(parts, binding.call)?.[binding.field];
  const part = parts.find((each) => each.n === binding.n);
  if (part?.type === 'text' || part?.type === 'reasoning') return part.text;
  return part?.type === 'tool' ? (part.inputText ?? spelled(part, binding.as)) : undefined;
}

/** Where a document has reasoning that lies beside the log, and could not be read. */
export function unreadIn({ bindings, parts }: StoredDocument): readonly Path[] {
  return [...bindings.values()].flatMap((binding) => {
    const part = 'n' in binding && parts.find(({ n }) => n === binding.n);
    return part && part.type === 'reasoning' && part.thread !== undefined ? [binding.at] : [];
  });
}

export function findCall(parts: readonly Part[], id: string): ToolPart | undefined {
  return parts.find((part): part is ToolPart => part.type === 'tool' && part.callId === id);
}

/** How an input was most likely written; where it wasn't, the document has it as it was. */
function spelled({ input }: ToolPart, as: 'text' | undefined): string {
  if (input === undefined) return '';
  return as === 'text' && typeof input === 'string' ? input : JSON.stringify(input);
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function entriesOf(value: JsonValue | undefined): readonly (readonly JsonValue[])[] {
  return listOf(value).filter((each): each is readonly JsonValue[] => Array.isArray(each));
}
