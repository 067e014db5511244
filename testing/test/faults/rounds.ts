import type { Channels, Receipt } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import fc from 'fast-check';
import { expect } from 'vitest';
import { play } from './author.ts';
import type { Fleet } from './fleet.ts';
import { read, type Reader } from './reader.ts';
import { course, scriptOf, type Course, type Script } from './script.ts';
import { seedOfRun } from './seed.ts';
import { checkStored, readAll } from './stored.ts';

export const ROUNDS = Number(process.env['ROUNDS'] ?? 50);

/** So many rounds go on at a time, for most of a round is waiting. What breaks breaks for all of them. */
const LANES = 4;

const AUTHORS = 3;
/** How long the gateway may join appends, for each of the readers. */
const READERS = [0, 40, 5];
/** Messages of one round: so many for each author in the round's session, and one each in the one that goes on. */
const MESSAGES = 1;

/** A fault's choices, drawn for each round. */
export interface Draw {
  /** After how many acknowledged operations it happens. */
  readonly after: number;
  /** To choose a victim or a kind by. */
  readonly pick: number;
  /** How long it lasts, from 0 to 1. */
  readonly length: number;
}

const round = fc.record({
  draw: fc.record({
    after: fc.nat({ max: 40 }),
    pick: fc.nat({ max: 1000 }),
    length: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  /** A reader comes while the fault goes on. */
  isLate: fc.boolean(),
  courses: fc.array(course, {
    minLength: AUTHORS * (MESSAGES + 1),
    maxLength: AUTHORS * (MESSAGES + 1),
  }),
});

interface Round {
  readonly name: string;
  readonly draw: Draw;
  readonly isLate: boolean;
  readonly courses: readonly Course[];
}

export interface Rounds {
  readonly title: string;
  readonly fleet: Fleet;
  /** Not through any gateway: what is stored. */
  readonly store: Engine;
  /** Does the worst, and resolves when it is over. */
  readonly fault: (draw: Draw) => Promise<void>;
}

export interface Outcome {
  readonly acknowledged: number;
  readonly retried: number;
  /** Connections that broke and were made again. */
  readonly reconnections: number;
  readonly gaps: number;
}

/**
 * Authors stream messages through the gateways, readers follow, and something breaks amid it. Then everything that was
 * acknowledged is stored once, and every reader knows it.
 */
export async function survive({ title, fleet, store, fault }: Rounds): Promise<Outcome> {
  const authors = Array.from({ length: AUTHORS }, (_, index) => fleet.connect(`author ${index}`, 0));
  const readers = READERS.map((rollupMs, index) => fleet.connect(`reader ${index}`, rollupMs));
  for (const channels of [...authors, ...readers]) await channels.channel(title).history({ limit: 1 });
  const dialled = fleet.dialled;
  const outcome = { acknowledged: 0, retried: 0, gaps: 0 };
  const breakInTurn = inTurn(fault);
  const rounds = fc.sample(round, ROUNDS);
  const names = rounds.map((_, index) => `${title} ${index}`);
  const going = Array.from({ length: LANES }, async (_, lane) => {
    const mine = names.flatMap((name, index) => {
      const each = rounds[index];
      return each === undefined || index % LANES !== lane ? [] : [{ name, ...each }];
    });
    await goThrough(mine, {
      on: `${title}, going on ${lane}`,
      authors,
      readers,
      store,
      fault: breakInTurn,
      count: outcome,
    });
  });
  await Promise.all(going);
  const reconnections = fleet.dialled - dialled;
  await Promise.all([...authors, ...readers].map((channels) => channels.close()));
  expect(fleet.complaints).toBe('');
  const all = { ...outcome, reconnections };
  console.log(`${title}: ${ROUNDS} rounds, SEED=${seedOfRun()}, ${JSON.stringify(all)}`);
  return all;
}

interface Stage {
  /** The session that goes on from round to round. */
  readonly on: string;
  readonly authors: readonly Channels[];
  readonly readers: readonly Channels[];
  readonly store: Engine;
  readonly fault: (draw: Draw) => Promise<void>;
  readonly count: { acknowledged: number; retried: number; gaps: number };
}

/** One round after the other, each in a session of its own and in the one that goes on. */
async function goThrough(rounds: readonly Round[], stage: Stage): Promise<void> {
  const { on, authors, readers, store, fault, count } = stage;
  const scripts = new Map<string, Script>();
  const lasting = readers.map((channels) => read(channels.channel(on), scripts));
  await Promise.all(lasting.map(({ ready }) => ready));
  const receipts: Receipt[] = [];

  for (const { name: session, draw, isLate, courses } of rounds) {
    const follow = (channels: Channels): Reader => read(channels.channel(session), scripts);
    const following = readers.slice(isLate ? 1 : 0).map(follow);
    const told: Receipt[] = [];
    const progress = createProgress();
    const write = async (script: Script, channels: Channels, name: string): Promise<void> => {
      await play(script, {
        channel: channels.channel(name),
        acknowledged(receipt) {
          (name === on ? receipts : told).push(receipt);
          count.acknowledged += 1;
          progress.made();
        },
        retried: () => (count.retried += 1),
      });
    };
    const script = (name: string, each: Course | undefined): Script => {
      if (each === undefined) throw new Error('There is a course for each message.');
      const made = scriptOf(name, each);
      scripts.set(name, made);
      return made;
    };
    const own: Script[] = [];
    const working = authors.flatMap((channels, author) => {
      const at = author * (MESSAGES + 1);
      const mine = Array.from({ length: MESSAGES }, (_, message) =>
        script(`${session}-${author}-${message}`, courses[at + message]),
      );
      own.push(...mine);
      const lasts = script(`${session}-${author}-on`, courses[at + MESSAGES]);
      return [...mine.map((each) => write(each, channels, session)), write(lasts, channels, on)];
    });
    const done = Promise.all(working);
    // Whatever fails is seen where it is waited for.
    done.catch(() => {});
    await Promise.race([progress.reaches(draw.after), done]);
    const breaking = fault(draw);
    breaking.catch(() => {});
    if (isLate) following.push(...readers.slice(0, 1).map(follow));
    await done;
    await breaking;

    const stored = await readAll(store, session);
    checkStored(stored, own, told);
    for (const reader of following) await reader.agrees(stored);
    const all = await readAll(store, on);
    for (const reader of lasting) await reader.agrees(all);
    for (const reader of following) {
      count.gaps += reader.gaps;
      reader.close();
    }
    for (const { id } of own) scripts.delete(id);
  }
  checkStored(await readAll(store, on), [...scripts.values()], receipts);
  for (const reader of lasting) {
    count.gaps += reader.gaps;
    reader.close();
  }
}

/** One after the other, in the order in which they were asked for. */
function inTurn<T>(act: (each: T) => Promise<void>): (each: T) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (each) => (last = last.then(() => act(each)));
}

interface Progress {
  made(): void;
  reaches(count: number): Promise<void>;
}

function createProgress(): Progress {
  let count = 0;
  let check = (): void => {};
  return {
    made() {
      count += 1;
      check();
    },
    reaches: (wanted) =>
      new Promise((resolve) => {
        check = () => {
          if (count >= wanted) resolve();
        };
        check();
      }),
  };
}
