import { withFaults } from '@holdfast/conformance/faults';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { isChannelError } from '@holdfast/channel';
import type { Annotation, AnnotationDraft, AnnotationSummary } from '@holdfast/channel';
import { openSession, type MessageId, type Session } from '@holdfast/core';
import { readAnnotations } from '@holdfast/core/annotations';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { until } from '../scene.ts';
import { said } from '../text-codec.ts';

const RUNS = Number(process.env['RUNS'] ?? 300);
const FAULTS = { delay: 0.2, duplicate: 0.2, conflate: 0.2, drop: 0.1, cut: 0.1, lose: 0.1 };
const NAME = 'annotated';

interface Act {
  readonly who: number;
  readonly draft: AnnotationDraft;
  /** Sent once more, as after a receipt that never came. */
  readonly isRepeated: boolean;
}

const anyDraft: fc.Arbitrary<AnnotationDraft> = fc
  .record({
    action: fc.constantFrom('add' as const, 'add' as const, 'remove' as const),
    method: fc.constantFrom('total', 'flag', 'distinct', 'unique', 'multiple'),
    name: fc.constantFrom('a', 'b', 'c'),
    count: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    id: fc.nat({ max: 1e9 }),
  })
  .map(({ action, method, name, count, id }) => ({
    action,
    id: `draft ${id}`,
    type: `marks:${method}.v1` as AnnotationDraft['type'],
    ...(['distinct', 'unique', 'multiple'].includes(method) && { name }),
    ...(method === 'multiple' && action === 'add' && count !== undefined && { count }),
  }));

const anyActs: fc.Arbitrary<readonly Act[]> = fc
  .array(fc.record({ who: fc.nat({ max: 2 }), draft: anyDraft, isRepeated: fc.boolean() }), { maxLength: 25 })
  // Flags and names are for clients that say who they are.
  .map((acts) => acts.filter(({ who, draft }) => who < 2 || /total|multiple/.test(draft.type)));

test(
  'summaries agree on lines that delay, repeat, drop and cut, and count just the annotations that stand',
  () =>
    fc.assert(
      fc.asyncProperty(anyActs, fc.nat(), async (acts, seed) => {
        const engine = createMemoryEngine();
        const lines = [{ clientId: 'ada' }, { clientId: 'ben' }, {}].map((who, n) =>
          withFaults(createMemoryChannels({ engine, ...who }), { seed: seed + n, ...FAULTS }),
        );
        const sessions = lines.map((channels) => openSession({ channels, name: NAME }));
        try {
          const [ada, ...others] = sessions;
          if (ada === undefined) throw new Error('three sessions');
          await Promise.all(sessions.map(({ ready }) => ready));
          const sent = ada.send({ parts: said('annotate this') });
          await sent.stored;
          for (const other of others) await until(other, () => other.message(sent.message) !== undefined);
          await Promise.all(
            sessions.map(async (session, n) => {
              for (const { who, draft, isRepeated } of acts) {
                if (who !== n) continue;
                await annotate(session, sent.message, draft);
                if (isRepeated) await annotate(session, sent.message, draft);
              }
            }),
          );
          const late = openSession({ channels: createMemoryChannels({ engine }), name: NAME });
          sessions.push(late);
          await late.ready;
          const stored = late.message(sent.message)?.annotations;
          for (const session of sessions)
            await until(session, () => versionOf(session, sent.message) === stored?.version);
          for (const session of sessions) expect(session.message(sent.message)?.annotations).toEqual(stored);
          expect(counted(await readAnnotations(late, sent.message))).toEqual(totals(stored));
        } finally {
          for (const session of sessions) await session.close();
          for (const line of lines) await line.close();
          await engine.close();
        }
      }),
      { numRuns: RUNS },
    ),
  120_000,
);

function versionOf(session: Session, message: MessageId): string | undefined {
  return session.message(message)?.annotations?.version;
}

/** Sends until it is stored or refused: a receipt that is lost says nothing of either. */
async function annotate(session: Session, message: MessageId, draft: AnnotationDraft): Promise<void> {
  for (;;) {
    try {
      await session.annotate(message, draft);
      return;
    } catch (error) {
      // The same id with other words, by chance.
      if (isChannelError(error) && error.code === 'conflict') return;
      if (!isChannelError(error) || !error.retryable) throw error;
    }
  }
}

/** How much stands, by type, name and client. */
type Counts = Readonly<Record<string, number>>;

function counted(annotations: readonly Annotation[]): Counts {
  const counts: Record<string, number> = {};
  for (const { type, name = '', clientId = '', count = 1 } of annotations) {
    const key = `${type} ${name} ${type.includes('total') ? '' : clientId}`;
    counts[key] = (counts[key] ?? 0) + count;
  }
  return counts;
}

function totals(summary: AnnotationSummary | undefined): Counts {
  const counts: Record<string, number> = {};
  for (const [type, value] of Object.entries(summary?.types ?? {})) {
    if (type.includes('total')) counts[`${type}  `] = value['total'] as number;
    else if (type.includes('flag')) add(type, '', value);
    else for (const [name, each] of Object.entries(value)) add(type, name, each as object);
  }
  return counts;

  function add(type: string, name: string, value: object): void {
    const { clientIds, totalUnidentified = 0 } = value as {
      clientIds: readonly string[] | Readonly<Record<string, number>>;
      totalUnidentified?: number;
    };
    const each = Array.isArray(clientIds)
      ? clientIds.map((clientId: string): [string, number] => [clientId, 1])
      : Object.entries(clientIds as Readonly<Record<string, number>>);
    for (const [clientId, count] of each) counts[`${type} ${name} ${clientId}`] = count;
    if (totalUnidentified > 0) counts[`${type} ${name} `] = totalUnidentified;
  }
}
