import type { Annotation, AnnotationDraft, AnnotationType, JsonValue } from '@holdfast/channel';
import { AnnotationAction } from './actions.ts';
import { toExtras, toJson, type JsonObject } from './content.ts';
import { refusal } from './errors.ts';
import type { InboundAnnotation } from './frames.ts';
import { toMessageSerial } from './serials.ts';

const METHODS = {
  total: { named: false, identified: false },
  flag: { named: false, identified: true },
  distinct: { named: true, identified: true },
  unique: { named: true, identified: true },
  multiple: { named: true, identified: false },
} as const;

const TYPE = /^[^:\s]+:(total|flag|distinct|unique|multiple)\.v1$/;

/** What Ably keeps of an annotation beside what a summary needs. */
interface Kept {
  readonly connectionId: string | null;
  readonly data: JsonValue;
  readonly encoding: string | null;
  readonly extras: JsonValue;
}

export interface Annotator {
  readonly id: string;
  readonly clientId: string | undefined;
  readonly connectionId: string | undefined;
  readonly userClaim: string | undefined;
}

/** @throws AblyError where the annotation says what its method has no use for */
export function toAnnotationDraft(inbound: InboundAnnotation, annotator: Annotator): AnnotationDraft {
  const { type } = inbound;
  const name = inbound.name ?? undefined;
  if (!isType(type))
    throw refusal('badRequest', `The annotation type ${JSON.stringify(type)} is not namespace:method.v1.`);
  const method = methodOf(type);
  const rules = METHODS[method];
  if (rules.named && (name === undefined || name === ''))
    throw refusal('badRequest', `Annotations of the method ${method} need a name.`);
  if (rules.identified && annotator.clientId === undefined)
    throw refusal('forbidden', `Annotations of the method ${method} need an identified client.`);
  const named = name === undefined ? {} : { name };
  if (inbound.action === AnnotationAction.delete)
    return { action: 'remove', id: annotator.id, type, ...named };
  const { userClaim } = annotator;
  const extras = { ...toExtras(inbound.extras ?? {}), ...(userClaim !== undefined && { userClaim }) };
  const kept: Kept = {
    connectionId: annotator.connectionId ?? null,
    data: toJson(inbound.data),
    encoding: inbound.encoding ?? null,
    extras: Object.keys(extras).length === 0 ? null : toJson(extras),
  };
  const count = method === 'multiple' ? (inbound.count ?? undefined) : undefined;
  if (count !== undefined && (!Number.isSafeInteger(count) || count < 1))
    throw refusal('badRequest', 'An annotation counts a whole number from 1.');
  return {
    action: 'add',
    id: annotator.id,
    type,
    ...named,
    ...(count !== undefined && { count }),
    data: { ...kept },
  };
}

/** `message` is the serial of the annotated message as clients know it. */
export function toWireAnnotation(annotation: Annotation, message: string, series: string): JsonObject {
  const { action, id, type, name, count, clientId, timestamp, version } = annotation;
  const kept = readKept(annotation.data);
  return {
    id,
    action: action === 'add' ? AnnotationAction.create : AnnotationAction.delete,
    serial: toMessageSerial(version, series),
    messageSerial: message,
    type,
    timestamp,
    ...(name !== undefined && { name }),
    ...(count !== undefined && { count }),
    ...(clientId !== undefined && { clientId }),
    ...kept,
  };
}

function readKept(data: JsonValue | undefined): JsonObject {
  if (typeof data !== 'object' || data === null) return {};
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
}

function methodOf(type: AnnotationType): keyof typeof METHODS {
  for (const method of ['total', 'flag', 'distinct', 'unique'] as const)
    if (type.endsWith(`:${method}.v1`)) return method;
  return 'multiple';
}

function isType(type: string): type is AnnotationType {
  return TYPE.test(type);
}
