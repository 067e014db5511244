import type { Channel, Channels } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import type { AgentRun } from '../agent.ts';
import { publishRecord } from '../log/publish-record.ts';
import { readNote, staffLane, writeNote } from '../notes/note.ts';
import type { FloorRecord } from '../records.ts';
import type { Run } from '../snapshot.ts';

/** What a run has to do with people: who answers, and what staff is told in private. */
export function createHandover(
  channels: Channels,
  channel: Channel,
  current: () => Run,
): Pick<AgentRun<never, never>, 'floor' | 'notes'> {
  const lane = (): Channel => channels.channel(staffLane(channel.name));
  return {
    floor: (act, options) => publishRecord(channel, compact<FloorRecord>({ kind: 'floor', act, ...options })),
    notes: {
      async read({ limit = 50 } = {}) {
        const { messages } = await lane().history({ limit });
        return messages.toReversed().flatMap((message) => readNote(message) ?? []);
      },
      write: (note) => writeNote(lane(), { about: current().input, ...note }),
    },
  };
}
