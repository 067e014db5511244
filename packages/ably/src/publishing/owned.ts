import { ChannelError } from '@holdfast/channel';
import type { JsonValue, Serial, Version } from '@holdfast/channel';
import type { Realtime } from 'ably';
import type { Stream } from '../reading/stream.ts';
import { decodeMessage, type Stored } from '../wire/message.ts';

/** What this publisher may change, as it knows it: by what it has written itself, by what was delivered, or read back. */
export interface Owned {
  /** @throws ChannelError `not_found`, also for a deleted message unless those are allowed; `forbidden` for another's */
  find(serial: Serial, allow?: 'deleted'): Promise<Stored>;
  /** Any message, whoever wrote it. @throws ChannelError `not_found` */
  any(serial: Serial): Promise<Stored>;
  /** As it is at Ably now. */
  refresh(serial: Serial): Promise<Stored>;
  wrote(serial: Serial, version: Version, data: JsonValue): void;
  deleted(serial: Serial, version: Version): void;
}

/** Messages whose last word of our own may be newer than what was delivered. */
const KEPT = 100;

export function createOwned(client: Realtime, stream: Stream): Owned {
  const written = new Map<Serial, Stored>();

  const remember = (stored: Stored): Stored => {
    const { serial } = stored.message;
    written.delete(serial);
    written.set(serial, stored);
    const [oldest] = written.keys();
    if (written.size > KEPT && oldest !== undefined) written.delete(oldest);
    return stored;
  };
  const known = (serial: Serial): Stored | undefined => {
    const told = stream.view.get(serial);
    const own = written.get(serial);
    if (own === undefined || told === undefined) return own ?? told;
    return told.message.version >= own.message.version ? told : own;
  };
  const refresh = async (serial: Serial): Promise<Stored> =>
    remember(decodeMessage(await stream.ably.getMessage(serial)));
  const any = async (serial: Serial): Promise<Stored> => known(serial) ?? refresh(serial);

  return {
    any,
    refresh,
    async find(serial, allow) {
      const stored = await any(serial);
      const { clientId, deleted } = stored.message;
      if ((clientId ?? null) !== ownClientId(client))
        throw new ChannelError('forbidden', 'Only its creator may change a message.');
      if (deleted === true && allow === undefined)
        throw new ChannelError('not_found', 'The message was deleted.');
      return stored;
    },
    wrote(serial, version, data) {
      const before = known(serial);
      if (before !== undefined) remember({ ...before, message: { ...before.message, version, data } });
    },
    deleted(serial, version) {
      const before = known(serial);
      if (before === undefined) return;
      const { message } = before;
      remember({ ...before, message: { ...message, version, data: '', headers: {}, deleted: true } });
    },
  };
}

/** Null for an anonymous client. */
export function ownClientId(client: Realtime): string | null {
  const { clientId } = client.auth;
  return clientId === '' || clientId === '*' ? null : (clientId ?? null);
}
