import type { Annotation, AnnotationDraft, Headers, JsonValue, Operation } from '@holdfast/channel';
import { decodeVersion, fingerprint } from '@holdfast/channel/engine';
import { escapeText } from './text.ts';

/** An operation as the commit script takes it, see `OPERATIONS` there. */
export function encodeOperation(operation: Operation): readonly string[] {
  switch (operation.action) {
    case 'create': {
      const { id, name, data, headers = {} } = operation.draft;
      const sealed = operation.seals === undefined ? '' : encodeSerial(operation.seals);
      const fixed = [escapeText(id), JSON.stringify(name), JSON.stringify(headers)];
      return ['c', ...fixed, ...encodeData(data), fingerprint(operation), sealed];
    }
    case 'append': {
      const { serial, data, offset } = operation;
      return ['a', encodeSerial(serial), escapeText(data), String(data.length), String(offset)];
    }
    case 'update': {
      const { name, data, headers } = operation.draft;
      return [
        'u',
        encodeSerial(operation.serial),
        encodeOptional(name),
        encodeOptional(headers),
        ...encodeData(data),
      ];
    }
    case 'delete':
      return ['d', encodeSerial(operation.serial)];
    case 'annotate':
      return ['n', encodeSerial(operation.serial), ...encodeAnnotation(operation.annotation)];
  }
}

/** A serial's tick; a string that is no serial becomes one that no message has. */
export function encodeSerial(serial: string): string {
  return String(decodeVersion(serial) ?? 0);
}

/** Data, and its length in UTF-16 code units where it is text. */
export function encodeData(data: JsonValue): readonly string[] {
  return typeof data === 'string' ? [escapeText(data), String(data.length)] : [JSON.stringify(data), '-'];
}

function encodeOptional(value: string | Headers | undefined): string {
  return value === undefined ? '' : JSON.stringify(value);
}

function encodeAnnotation(annotation: AnnotationDraft): readonly string[] {
  const { action, id, type, name, count } = fieldsOf(annotation);
  const method = /:([a-z]+)\.v1$/.exec(type)?.[1] ?? '';
  return [
    escapeText(id),
    action === 'add' ? '+' : '-',
    method,
    JSON.stringify(type),
    JSON.stringify(name ?? ''),
    String(count ?? 1),
    ...encodeContent(annotation),
  ];
}

/** Whether an annotation has data, and what makes it the same as another with its id. */
export function encodeContent(annotation: Annotation | AnnotationDraft): readonly string[] {
  const { action, type, name, count, data } = fieldsOf(annotation);
  return [
    data === undefined ? '0' : '1',
    JSON.stringify([action, type, name ?? null, count ?? null, data ?? null]),
  ];
}

function fieldsOf(annotation: Annotation | AnnotationDraft) {
  return { count: undefined, data: undefined, ...annotation };
}
