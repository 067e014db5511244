import type { Member, PresenceEvent } from '@holdfast/channel';
import { Action, PresenceAction } from '../protocol/actions.ts';
import { toJsonObject, withUserClaim, type JsonObject } from '../protocol/content.ts';
import type { OutboundFrame } from '../protocol/frames.ts';

/** What Ably keeps of a member; an engine keeps it as the member's data. */
export interface PresenceRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly timestamp: number;
  readonly data: string | null;
  readonly encoding: string | null;
  readonly extras: JsonObject | null;
}

export function toWirePresence(member: Member, action: number): JsonObject {
  const { id, connectionId, timestamp, data, encoding, extras: own } = recordOf(member);
  const extras = withUserClaim(own ?? undefined, member);
  return {
    id,
    connectionId,
    timestamp,
    action,
    data,
    clientId: member.clientId ?? '',
    ...(encoding !== null && { encoding }),
    ...(extras !== undefined && { extras }),
  };
}

/** Makes frames of all members at once, each sync with an id of its own. */
export function createSyncs(channel: string): (members: readonly Member[]) => OutboundFrame {
  let syncs = 0;
  return (members) => {
    syncs += 1;
    const presence = members.map((member) => toWirePresence(member, PresenceAction.present));
    return { action: Action.sync, channel, channelSerial: `sync-${syncs}:`, presence };
  };
}

export function toPresenceFrame(
  channel: string,
  event: Exclude<PresenceEvent, { kind: 'sync' }>,
  now: number,
): OutboundFrame {
  const wire = toWirePresence(event.member, PresenceAction[event.kind]);
  const left = event.kind === 'leave' ? { ...wire, id: idOfLeave(event, now), timestamp: now } : wire;
  return { action: Action.presence, channel, presence: [left] };
}

/**
 * A goodbye is newer than what the member said last, by the number at the end of its id. A member that was lost has said
 * nothing: its leave bears an id that is not of its connection, and counts by its time.
 */
function idOfLeave({ member, reason }: Extract<PresenceEvent, { kind: 'leave' }>, now: number): string {
  if (reason === 'lost') return `server:${now}:0`;
  const [connectionId, msgSerial, index] = recordOf(member).id.split(':');
  return `${connectionId}:${msgSerial}:${Number(index) + 1}`;
}

export function recordOf({ data }: Member): PresenceRecord {
  const fields = typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : {};
  const { id, connectionId, timestamp, data: own, encoding, extras } = toJsonObject(fields);
  return {
    id: typeof id === 'string' ? id : '',
    connectionId: typeof connectionId === 'string' ? connectionId : '',
    timestamp: Number(timestamp),
    data: typeof own === 'string' ? own : null,
    encoding: typeof encoding === 'string' ? encoding : null,
    extras:
      typeof extras === 'object' && extras !== null && !Array.isArray(extras)
        ? toJsonObject({ ...extras })
        : null,
  };
}
