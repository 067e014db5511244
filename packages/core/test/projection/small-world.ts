import type { Serial } from '@holdfast/channel';
import { isEnded } from '../../src/snapshot.ts';
import { continues, end } from './session-script.ts';
import { openSmallLog, RUN, serialOf } from './small-log.ts';
import type { Change, SmallLog } from './small-log.ts';

/** One question, two agents that read late or stop, and somebody who cancels. */
export interface World {
  readonly log: SmallLog;
  readonly writers: readonly Writer[];
  readonly cancels: number;
}

export interface Writer {
  /** How many changes it has folded. */
  readonly read: number;
  readonly phase: 'idle' | 'claimed' | 'writing' | 'gone';
  readonly own?: Serial;
  readonly wrote: number;
  /** How often it may yet claim. */
  readonly claims: number;
}

export interface Rules {
  /** A claim makes the channel refuse later changes to its predecessor (P10). */
  readonly seal: boolean;
  /** Pieces of text that a writer has to say. */
  readonly pieces: number;
  /** A takeover may begin anew instead of going on. */
  readonly restarts: boolean;
  /** How often each writer may claim. */
  readonly claims: readonly number[];
}

export interface Explored {
  readonly states: number;
  /** Every log that the channel may come to hold. */
  readonly logs: readonly SmallLog[];
}

/** Visits every state that can be reached. */
export function explore(rules: Rules): Explored {
  const writers = rules.claims.map((claims): Writer => ({ read: 0, phase: 'idle', wrote: 0, claims }));
  const seen = new Set<string>();
  const logs = new Set<SmallLog>();
  const left: World[] = [{ log: openSmallLog().grow({ do: 'ask' }), writers, cancels: 1 }];
  for (let world = left.pop(); world !== undefined; world = left.pop()) {
    const key = JSON.stringify([world.log.id, world.writers, world.cancels]);
    if (seen.has(key)) continue;
    seen.add(key);
    logs.add(world.log);
    left.push(...successors(world, rules));
  }
  return { states: seen.size, logs: [...logs] };
}

/** All that may happen next. A crash needs no step: what holds in a state holds where a writer does nothing more, too. */
function successors(world: World, rules: Rules): readonly World[] {
  const { log, writers, cancels } = world;
  const next: World[] = [];
  if (cancels > 0) next.push({ ...world, cancels: cancels - 1, log: log.grow({ do: 'cancel' }) });
  for (const [index, writer] of writers.entries()) {
    const become = (change: Partial<Writer>, made?: Change): void => {
      next.push({
        ...world,
        writers: writers.with(index, { ...writer, ...change }),
        log: made === undefined ? log : log.grow(made),
      });
    };
    if (writer.phase === 'gone') continue;
    if (writer.read < log.changes.length) become({ read: writer.read + 1 });
    for (const [change, made] of acts(log, index, writer, rules)) become(change, made);
  }
  return next;
}

type Act = readonly [Partial<Writer>, Change?];

/** What a writer may do, going by what it has read. */
function acts(log: SmallLog, index: number, writer: Writer, rules: Rules): readonly Act[] {
  const seen = log.first(writer.read).view;
  const status = seen.run(RUN)?.status;
  if (status === undefined) return [];
  const path = seen.path(RUN);
  const tail = path.at(-1)?.serial;
  const { own } = writer;
  switch (writer.phase) {
    case 'idle': {
      if (isEnded(status) || writer.claims === 0) return [];
      const after = tail === undefined ? {} : { after: tail };
      const claimed = {
        phase: 'claimed',
        own: serialOf(log.changes.length),
        claims: writer.claims - 1,
      } as const;
      return [[claimed, { do: 'claim', writer: index, ...after }]];
    }
    case 'claimed': {
      // P8: a claim is judged when everything up to its own serial is folded.
      if (own === undefined || writer.read === 0 || serialOf(writer.read - 1) < own) return [];
      if (tail !== own || isEnded(status)) return [[{ phase: 'idle' }]];
      if (path.length === 1) return [[{ phase: 'writing' }]];
      const { serial = own, length = 0 } = seen.statement(RUN) ?? {};
      const lengths = rules.restarts && length > 0 ? [length, 0] : [length];
      return lengths.map((kept) => append(index, own, continues(serial, kept), { phase: 'writing' }));
    }
    case 'writing': {
      if (own === undefined) return [];
      // P9: superseded. P10: a sealed message takes nothing more.
      const sealed =
        rules.seal && log.changes.some((change) => change.do === 'claim' && change.after === own);
      if (tail !== own || sealed || isEnded(status)) return [[{ phase: 'idle' }]];
      if (status === 'cancelling') return [append(index, own, end('cancelled'), { phase: 'gone' })];
      const ends = append(index, own, end('complete'), { phase: 'gone' });
      const piece = append(index, own, String(index), { wrote: writer.wrote + 1 });
      return writer.wrote < rules.pieces ? [piece, ends] : [ends];
    }
    case 'gone':
      return [];
  }
}

function append(writer: number, on: Serial, data: string, then: Partial<Writer>): Act {
  return [then, { do: 'append', writer, on, data }];
}
