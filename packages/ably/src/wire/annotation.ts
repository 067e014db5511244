import type {
  Annotation,
  AnnotationDraft,
  AnnotationType,
  JsonValue,
  Serial,
  Version,
} from '@holdfast/channel';
import type { Annotation as AblyAnnotation, OutboundAnnotation } from 'ably';
import { decodeText, encodeText } from './text.ts';

/** An annotation's id is its own message's: at Ably ids are the channel's, so the serial is part of it. */
export function encodeAnnotation(serial: Serial, draft: AnnotationDraft): OutboundAnnotation {
  const { action, id, type, name } = draft;
  const count = action === 'add' ? draft.count : undefined;
  const data = action === 'add' ? draft.data : undefined;
  return {
    id: encodeAnnotationId(serial, id),
    action: action === 'add' ? 'annotation.create' : 'annotation.delete',
    type,
    ...(name !== undefined && { name: encodeText(name) }),
    ...(count !== undefined && { count }),
    ...(data !== undefined && { data: JSON.stringify(data) }),
  };
}

export function encodeAnnotationId(serial: Serial, id: string): string {
  return `${encodeURIComponent(encodeText(id))}@${serial}`;
}

export function decodeAnnotation(wire: AblyAnnotation): Annotation {
  const { id, type, name, count, clientId, timestamp } = wire;
  const data = readData(wire.data);
  return {
    action: wire.action === 'annotation.create' ? 'add' : 'remove',
    id: readId(id),
    serial: wire.messageSerial as Serial,
    version: wire.serial as Version,
    type: type as AnnotationType,
    timestamp,
    ...(name != null && { name: decodeText(name) }),
    ...(count != null && { count }),
    ...(data !== undefined && { data }),
    ...(clientId != null && { clientId }),
  };
}

/** Whether a stored annotation is what a draft says, by the same publisher. */
export function isSameAnnotation(
  stored: Annotation,
  draft: AnnotationDraft,
  clientId: string | undefined,
): boolean {
  return stored.clientId === clientId && contentOf(stored) === contentOf(draft);
}

function contentOf({ action, type, name, ...rest }: Annotation | AnnotationDraft): string {
  const { count, data } = { count: undefined, data: undefined, ...rest };
  return JSON.stringify([action, type, name ?? null, count ?? 1, data ?? null]);
}

function readId(id: string): string {
  const at = id.indexOf('@');
  try {
    return at < 0 ? id : decodeText(decodeURIComponent(id.slice(0, at)));
  } catch {
    return id;
  }
}

function readData(data: unknown): JsonValue | undefined {
  if (typeof data !== 'string') return data == null ? undefined : (data as JsonValue);
  try {
    return JSON.parse(data) as JsonValue;
  } catch {
    return data;
  }
}
