import type { AnnotationSummary, Delivery, Message, Position, Serial, Version } from '@holdfast/channel';
import type { InboundMessage, Message as AblyMessage } from 'ably';
import type { SummaryTypes } from '../wire/summary.ts';
import { decodeMessage, type Stored } from '../wire/message.ts';
import { decodeText } from '../wire/text.ts';

/** What changed, with the whole message as it is now for those who have not met it. */
export interface LogChange {
  readonly delivery: Exclude<Delivery, { kind: 'gap' | 'signal' }>;
  readonly message: Message;
}

/**
 * One attachment's view of a channel: every message that it has met, as Ably has told it since. Appends come without an
 * offset, so that the text that stands is what tells theirs.
 */
export interface LogView {
  get(serial: string): Stored | undefined;
  byId(id: string): Stored | undefined;
  /** The newest position: what was told up to here is all there is. */
  readonly position: Position;
  /** A whole message. `undefined` where it is no news. */
  put(wire: AblyMessage | InboundMessage): LogChange | undefined;
  /** Text; `missing` where the text before it isn't there. */
  append(wire: InboundMessage): LogChange | 'missing' | undefined;
  annotate(serial: string, version: string, types: SummaryTypes): LogChange | 'missing' | undefined;
  /** Continuity is lost: nothing that was met counts, and positions go on from here. */
  reset(position: Position): void;
}

export function createLogView(): LogView {
  const stored = new Map<string, Stored>();
  const ids = new Map<string, string>();
  let position = '' as Position;

  const moveTo = (version: Version): Position => {
    if (version > (position as string)) position = version as string as Position;
    return position;
  };
  const keep = (next: Stored): void => {
    stored.set(next.message.serial, next);
    if (!ids.has(next.message.id)) ids.set(next.message.id, next.message.serial);
  };

  return {
    get: (serial) => stored.get(serial),
    byId(id) {
      const serial = ids.get(id);
      return serial === undefined ? undefined : stored.get(serial);
    },
    get position() {
      return position;
    },
    put(wire) {
      const decoded = decodeMessage(wire);
      const before = stored.get(decoded.message.serial);
      if (before !== undefined && decoded.message.version <= before.message.version) return undefined;
      const annotations = before?.message.annotations;
      const message: Message = { ...decoded.message, ...(annotations !== undefined && { annotations }) };
      keep({ ...decoded, message });
      return { message, delivery: { kind: 'message', message, position: moveTo(message.version) } };
    },
    append({ serial = '', version, data }) {
      const before = stored.get(serial);
      if (before === undefined || typeof before.message.data !== 'string') return 'missing';
      const next = (version.serial ?? '') as Version;
      if (next <= before.message.version) return undefined;
      const text = typeof data === 'string' ? decodeText(data) : '';
      const offset = before.message.data.length;
      const message: Message = { ...before.message, version: next, data: before.message.data + text };
      keep({ ...before, message });
      const own = message.serial;
      return {
        message,
        delivery: { kind: 'append', serial: own, version: next, data: text, offset, position: moveTo(next) },
      };
    },
    annotate(serial, version, types) {
      const before = stored.get(serial);
      if (before === undefined) return 'missing';
      const summary = nextSummary(before.message.annotations, version as Version, types);
      if (summary === before.message.annotations) return undefined;
      const message: Message = { ...before.message, annotations: summary };
      keep({ ...before, message });
      const own = serial as Serial;
      return {
        message,
        delivery: { kind: 'annotations', serial: own, summary, position: moveTo(summary.version) },
      };
    },
    reset(next) {
      stored.clear();
      ids.clear();
      position = next;
    },
  };
}

/** Ably may tell two summaries after the same annotation; the later one has a version of its own, which is only known here. */
function nextSummary(
  before: AnnotationSummary | undefined,
  version: Version,
  types: SummaryTypes,
): AnnotationSummary {
  if (before === undefined || version > before.version) return { version, types };
  if (JSON.stringify(before.types) === JSON.stringify(types)) return before;
  return { version: `${before.version}~` as Version, types };
}
