import { ChannelError } from '@holdfast/channel';
import type { AppendOperation, Receipt, Version } from '@holdfast/channel';
import type { Realtime, RealtimeChannel } from 'ably';
import { toChannelError } from '../errors.ts';
import { encodeState, type Stored } from '../wire/message.ts';
import { encodeText } from '../wire/text.ts';
import type { Owned } from './owned.ts';

export interface AppenderOptions {
  readonly client: Realtime;
  readonly ably: RealtimeChannel;
  readonly owned: Owned;
  readonly maxBytes: () => number;
}

const utf8 = new TextEncoder();

/**
 * Appends, one in flight at a time. Ably knows no offsets: where the answer to an append is lost, or the connection was
 * another one when it came, the whole text is said again by an update (P12), so that nothing counts twice.
 */
export function createAppender({ client, ably, owned, maxBytes }: AppenderOptions) {
  /** Says the whole, whatever became of the append. */
  const mend = async (stored: Stored, whole: string): Promise<Version> => {
    const { serial, id, name, headers } = stored.message;
    const state = encodeState({ id, name, headers, data: whole }, stored.print);
    const { versionSerial } = await ably.updateMessage({ serial, ...state });
    if (versionSerial !== null) return versionSerial as Version;
    throw new ChannelError('unknown_outcome', 'Ably has told no version of the change.');
  };

  const send = async (stored: Stored, text: string, whole: string): Promise<Version> => {
    const { serial } = stored.message;
    const { id: connection } = client.connection;
    try {
      const { versionSerial } = await ably.appendMessage({ serial, data: encodeText(text) });
      if (versionSerial !== null && client.connection.id === connection) return versionSerial as Version;
    } catch (error) {
      const { code } = toChannelError(error);
      // Refused for good: nothing was stored.
      if (code !== 'unavailable' && code !== 'internal') throw error;
    }
    return mend(stored, whole);
  };

  return async (operations: readonly AppendOperation[]): Promise<readonly Receipt[]> => {
    const [first] = operations;
    if (first === undefined) return [];
    const { serial, offset } = first;
    const text = operations.map(({ data }) => data).join('');
    let stored = await owned.find(serial);
    if (textOf(stored).length < offset) stored = await owned.refresh(serial);
    const before = textOf(stored);
    const receipts = (version: Version): readonly Receipt[] => operations.map(() => ({ serial, version }));
    if (before.slice(offset, offset + text.length) === text && offset <= before.length)
      return receipts(stored.message.version);
    if (offset !== before.length)
      throw new ChannelError(
        'conflict',
        `The append is for offset ${offset}, but the message is ${before.length} code units long.`,
      );
    const whole = before + text;
    checkSize(stored, whole, maxBytes());
    const version = await send(stored, text, whole);
    owned.wrote(serial, version, whole);
    return receipts(version);
  };
}

function textOf({ message: { data } }: Stored): string {
  if (typeof data === 'string') return data;
  throw new ChannelError('invalid', 'Only a message whose data is a string can be appended to.', {
    path: 'serial',
  });
}

/** @throws ChannelError `too_large` before anything is sent */
function checkSize({ message, print }: Stored, whole: string, most: number): void {
  const { id, name, headers, clientId = '' } = message;
  const { extras } = encodeState({ id, name, headers, data: '' }, print);
  const bytes =
    utf8.encode(encodeText(whole)).length + name.length + clientId.length + JSON.stringify(extras).length;
  if (bytes <= most) return;
  throw new ChannelError('too_large', `The message would have ${bytes} bytes; Ably stores at most ${most}.`);
}
