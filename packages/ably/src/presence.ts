import {
  isChannelError,
  type JsonValue,
  type Member,
  type Presence,
  type PresenceEvent,
} from '@holdfast/channel';
import type { PresenceMessage, Realtime } from 'ably';
import { mapped, toChannelError } from './errors.ts';
import { guarded } from './reading/fan-out.ts';
import type { Stream } from './reading/stream.ts';
import { readClaims } from './wire/message.ts';
import { isRecord } from './wire/record.ts';

export interface AblyPresence extends Presence {
  /** Leaves, and ends what listens. */
  close(): Promise<void>;
}

/** Presence over Ably's, which enters again by itself after a broken connection. */
export function createPresence(client: Realtime, stream: Stream): AblyPresence {
  const { presence } = stream.ably;
  const endings = new Set<() => void>();
  let release: (() => void) | undefined;

  const leave = async (): Promise<void> => {
    if (release === undefined) return;
    const done = release;
    release = undefined;
    try {
      await mapped(presence.leave());
    } finally {
      done();
    }
  };

  const members = async (): Promise<readonly Member[]> => {
    const done = await stream.use();
    try {
      return (await mapped(presence.get())).map(decodeMember);
    } finally {
      done();
    }
  };

  return {
    async enter(data = null) {
      const text = JSON.stringify(data);
      if (release !== undefined) return mapped(presence.update(text));
      const done = await stream.use();
      try {
        await mapped(presence.enter(text));
        release = done;
      } catch (error) {
        done();
        throw error;
      }
    },
    leave,
    members,
    async subscribe(listener) {
      const done = await stream.use();
      let known: Map<string, Member> | undefined;
      let resolveClosed: (error: undefined) => void;
      const closed = new Promise<undefined>((resolve) => (resolveClosed = resolve));
      const hear = (message: PresenceMessage): void => {
        // What comes before the members are known is among them.
        if (known === undefined) return;
        const event = eventOf(known, message);
        if (event !== undefined) guarded(() => listener(event));
      };
      const close = (): void => {
        if (!endings.delete(close)) return;
        presence.unsubscribe(hear);
        done();
        resolveClosed(undefined);
      };
      endings.add(close);
      try {
        await mapped(presence.subscribe(hear));
        const present = (await mapped(presence.get())).map(decodeMember);
        known = new Map(present.map((member) => [member.memberId, member]));
        if (endings.has(close)) guarded(() => listener({ kind: 'sync', members: present }));
      } catch (error) {
        close();
        throw isChannelError(error) ? error : toChannelError(error);
      }
      return { closed, close };
    },
    async close() {
      for (const end of endings) end();
      const left = leave().catch(() => {});
      // While the connection is away there is nobody to wait for: the goodbye follows, or the lease runs out.
      if (client.connection.state === 'connected') await left;
    },
  };
}

/** What a presence message changes; `undefined` for what is known already. */
function eventOf(known: Map<string, Member>, message: PresenceMessage): PresenceEvent | undefined {
  const member = decodeMember(message);
  const before = known.get(member.memberId);
  if (message.action === 'leave' || message.action === 'absent') {
    if (!known.delete(member.memberId)) return undefined;
    // Whoever says goodbye does so under an id of the own connection.
    const reason = message.id?.startsWith(`${message.connectionId}:`) ? 'left' : 'lost';
    return { kind: 'leave', member: before ?? member, reason };
  }
  known.set(member.memberId, member);
  if (before === undefined) return { kind: 'enter', member };
  return JSON.stringify(before) === JSON.stringify(member) ? undefined : { kind: 'update', member };
}

function decodeMember({ clientId, connectionId, data, extras }: PresenceMessage): Member {
  const fields: unknown = extras;
  const claims = readClaims(isRecord(fields) ? fields['userClaim'] : undefined);
  return {
    memberId: `${connectionId}:${clientId}`,
    clientId,
    data: readData(data),
    ...(claims !== undefined && { claims }),
  };
}

function readData(data: unknown): JsonValue {
  if (typeof data !== 'string') return data === undefined ? null : (data as JsonValue);
  try {
    return JSON.parse(data) as JsonValue;
  } catch {
    return data;
  }
}
