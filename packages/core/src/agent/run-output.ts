import type { Channel, Serial } from '@holdfast/channel';
import { control } from '@holdfast/codec';
import type { Claim } from './claim.ts';
import { createOutputWriter, type OutputWriter } from './output-writer.ts';
import { bytesOf, roomOf } from './room.ts';

export interface RunOutputOptions {
  readonly channel: Channel;
  readonly claim: Claim;
  /** Takes the run once more, after the message with this serial; undefined when another one has it. */
  readonly claimNext: (after: Serial) => Promise<Claim | undefined>;
  /** Nothing more can be written. Called once. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * Writes one run's log, from message to message: before one gets too large for the channel, the next takes over and
 * states all that stands (P7, P9).
 */
export interface RunOutput {
  /** States what stands of the past: the first thing that a claim with a predecessor says (P9). */
  state(serial: Serial, length: number): void;
  append(text: string): void;
  ready(): Promise<void> | undefined;
  /** Resolves when everything is stored. Rejects when it can't be. */
  flush(): Promise<void>;
  /** Resolves when what has to be there before the end is said is stored. Never rejects. */
  readonly settled?: () => Promise<void>;
  /** How much was ever appended: it grows whenever the run progresses. */
  readonly progress: number;
}

export function createRunOutput({ channel, claim, claimNext, onFailed }: RunOutputOptions): RunOutput {
  const room = roomOf(channel);
  let current = claim;
  let writer = open(claim);
  let bytes = 0;
  /** Length of what this message states of the past. */
  let base = 0;
  let progress = 0;
  /** Text that waits for the next message. */
  let held = '';
  let rolling: Promise<void> | undefined;

  function open({ serial }: Claim): OutputWriter {
    return createOutputWriter({ channel, serial, onFailed });
  }

  const write = (text: string): void => {
    bytes += bytesOf(text);
    writer.append(text);
  };

  const roll = async (): Promise<void> => {
    await writer.flush();
    const after = current.serial;
    const length = base + writer.length;
    const next = await claimNext(after);
    if (next === undefined) throw new Error('Another writer has the run.');
    current = next;
    writer = open(next);
    bytes = 0;
    base = length;
    write(control(['continue', after, { length }]));
    const text = held;
    held = '';
    rolling = undefined;
    put(text);
  };

  const put = (text: string): void => {
    const more = bytesOf(text);
    if (rolling !== undefined) {
      held += text;
    } else if (bytes + more > room && more < room) {
      held = text;
      rolling = roll();
      rolling.catch(onFailed);
    } else {
      write(text);
    }
  };

  return {
    state(serial, length) {
      base = length;
      write(control(['continue', serial, { length }]));
    },
    append(text) {
      progress += text.length;
      put(text);
    },
    ready: () => rolling ?? writer.ready(),
    async flush() {
      while (rolling !== undefined) await rolling;
      await writer.flush();
    },
    get progress() {
      return progress;
    },
  };
}
