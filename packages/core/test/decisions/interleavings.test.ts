import type { Decision, ToolPart } from '@holdfast/codec';
import { control } from '@holdfast/codec';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bindApproval } from '../../src/agent/decisions/ask.ts';
import { digestOf, canonicalJson } from '../../src/agent/decisions/digest.ts';
import { rule } from '../../src/agent/decisions/rule.ts';
import type { ApprovalPolicy } from '../../src/decisions.ts';
import { answerTo, ANN, BEN, run, STAFF, W } from '../projection/session-script.ts';
import type { Speaker } from '../projection/session-script.ts';
import { openTalk } from '../projection/talk.ts';

const EVE: Speaker = { clientId: 'eve' };
const PEOPLE = [ANN, BEN, STAFF, EVE] as const;
const INPUT = { sum: 7 };
const DIGEST = await digestOf(INPUT);

type Step =
  | { readonly do: 'rule' }
  | {
      readonly do: 'decide';
      readonly who: Speaker;
      readonly ok: boolean;
      readonly seen: 'these' | 'others' | 'none';
      readonly edit?: 'good' | 'bad';
    };

interface Terms {
  readonly need: number;
  /** In changes of the channel from when it was asked. */
  readonly within: number;
}

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ do: 'rule' } as const) },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        do: fc.constant('decide' as const),
        who: fc.constantFrom(...PEOPLE),
        ok: fc.boolean(),
        seen: fc.constantFrom('these', 'these', 'these', 'others', 'none'),
        edit: fc.constantFrom('good', 'bad'),
      },
      { requiredKeys: ['do', 'who', 'ok', 'seen'] },
    ),
  },
);

const policyOf = ({ need }: Terms): ApprovalPolicy => ({
  need,
  may: ({ clientId }) => clientId !== 'eve',
  edit(input) {
    if (input === 'bad') throw new Error('bad');
    return { sum: 1 };
  },
});

/** Plays the steps on a channel: people decide, and the agent judges now and then. */
async function play(steps: readonly Step[], terms: Terms): Promise<ToolPart> {
  const talk = openTalk();
  talk.ask(ANN, 'q');
  const call =
    control(['call', 'call', { name: 'pay', input: INPUT }]) + control(['ask', 'ask', { tool: 'call' }]);
  let output = talk.append(talk.claim(W, 'q'), call);
  const part = (): ToolPart => {
    const found = talk.now.message(answerTo('q'))?.parts.find((each) => each.type === 'tool');
    if (found?.type !== 'tool') throw new Error('there is a call');
    return found;
  };
  const policy = policyOf(terms);
  const clock = (): number => Math.max(...talk.messages.map(({ version }) => Number(version) * 1000));
  const asked = clock() + 1000;
  output = talk.append(
    output,
    await bindApproval(part(), { ...policy, withinMs: terms.within * 1000 }, asked),
  );
  const judge = async (now = clock()): Promise<void> => {
    const { log } = await rule({
      projection: talk.now,
      run: run('q'),
      parts: [part()],
      policyOf: () => policy,
      now,
    });
    if (log !== '') output = talk.append(output, log);
  };
  for (const [index, step] of steps.entries()) {
    if (step.do === 'rule') {
      await judge();
      continue;
    }
    const { who, ok, seen, edit } = step;
    talk.approve(who, `z${index}`, 'q', {
      answer: {
        type: 'approval',
        approvalId: 'ask',
        ok,
        ...(seen === 'these' && { digest: DIGEST }),
        ...(seen === 'others' && { digest: 'sha256-others' }),
        ...(edit !== undefined && { input: edit }),
      },
    });
  }
  await judge();
  return part();
}

/** What the rules say, without a channel: of decisions in their order the first valid one counts, or the first `need`. */
function expected(steps: readonly Step[], { need }: Terms): { ok?: boolean; record?: string } {
  const votes = new Set<string | undefined>();
  for (const [index, step] of steps.entries()) {
    if (step.do === 'rule' || step.who === EVE || step.seen === 'others') continue;
    const { who, ok, seen, edit } = step;
    if (ok && seen === 'none') continue;
    if (ok && votes.has(who.clientId)) continue;
    if (edit !== undefined && (!ok || edit === 'bad' || need > 1)) continue;
    if (!ok) return { ok, record: `z${index}` };
    votes.add(who.clientId);
    if (votes.size >= need) return { ok, record: `z${index}` };
  }
  return {};
}

test('P17 P20 whenever the agent judges, the first valid decisions count, each record has one verdict, and everyone agrees', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 12 }), fc.constantFrom(1, 2), async (steps, need) => {
      const terms = { need, within: 1000 };
      const { approval, decisions = [], input } = await play(steps, terms);
      const { ok, record } = expected(steps, terms);
      expect([approval?.ok, approval?.record]).toEqual([ok, record]);
      const given = steps.flatMap((step, index) => (step.do === 'decide' ? `z${index}` : []));
      expect(decisions.map((each: Decision) => each.record)).toEqual(given);
      const votes = decisions.filter(({ refused, ok: is }) => refused === undefined && is === true);
      expect(new Set(votes.map(({ clientId }) => clientId)).size).toBe(votes.length);
      const last = steps.find((step, index) => step.do === 'decide' && `z${index}` === record);
      expect(input).toEqual(last?.do === 'decide' && last.edit === 'good' ? { sum: 1 } : INPUT);
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('P17 a decision that is stored after the time counts in no interleaving', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyStep, { maxLength: 10 }),
      fc.integer({ min: 1, max: 8 }),
      async (steps, within) => {
        const { approval, decisions = [] } = await play(steps, { need: 1, within });
        const late = decisions.filter(({ refused }) => refused === 'expired');
        if (approval?.record !== undefined)
          for (const { record } of late)
            expect(record > approval.record || record !== approval.record).toBe(true);
        expect(decisions.filter(({ refused }) => refused === undefined).length).toBeLessThanOrEqual(1);
        expect(approval?.ok === true && approval.record === undefined).toBe(false);
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test('P17 arguments that are not those that were asked about are not approved of', async () => {
  const talk = openTalk();
  talk.ask(ANN, 'q');
  const w = talk.append(
    talk.claim(W, 'q'),
    control(['call', 'call', { name: 'pay', input: INPUT }]) +
      control(['ask', 'ask', { tool: 'call', digest: DIGEST }]),
  );
  // Another call with the same id comes after the question: what was asked stays, the arguments are others.
  talk.append(
    w,
    control(['call', 'call', { name: 'pay', input: { sum: 700 } }]) +
      control(['ask', 'ask', { tool: 'call', digest: DIGEST }]),
  );
  talk.approve(ANN, 'a', 'q', {
    answer: { type: 'approval', approvalId: 'ask', ok: true, digest: DIGEST },
  });
  const parts = talk.now.message(answerTo('q'))?.parts ?? [];
  const context = { projection: talk.now, run: run('q'), parts, policyOf: () => ({}), now: 0 };
  const { log, isOpen } = await rule(context);
  expect([isOpen, log]).toEqual([true, expect.stringContaining('"refused":"changed"')]);
  expect(log).not.toContain('"answer"');
});

test('a digest is that of the value, however its keys are ordered', async () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'é"' }], a: 1e21 })).toBe(
    '{"a":1e+21,"b":[1,{"c":"é\\"","d":null}]}',
  );
  expect(await digestOf({ b: 1, a: [true] })).toBe(await digestOf({ a: [true], b: 1 }));
  expect(await digestOf({ a: 1 })).not.toBe(await digestOf({ a: '1' }));
  // printf '{"sum":7}' | openssl dgst -sha256 -binary | basenc --base64url
  expect(DIGEST).toBe('sha256-HznET9N29CPiTrfgNSZdme1SSFlL4ihzRR2fVJnSaus');
});
