import type { Message, Serial } from '@holdfast/channel';
import type { Judged, LinkLog } from './entry.ts';

/** A message as last known: another one takes its place unless only an output's data grows. */
export interface Stored {
  readonly serial: Serial;
  /** As of its latest version, without annotations, which have versions of their own. */
  message: Message;
  /** All its text; read as a frame log where it is an output, whoever wrote it. */
  readonly log: LinkLog;
  /** Judged once, when asked for. */
  judged?: Judged;
}

/** The message with its data as it stands now. */
export function wholeMessage({ message }: Stored): Message {
  return message;
}
