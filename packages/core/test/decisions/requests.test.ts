import type { JsonValue } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { decideApproval, handleTools, readApproval, type SessionError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { fit } from '../../src/agent/room.ts';
import { muted } from '../muted.ts';
import { soon } from './races.ts';
import { approvalOf, callOf, openStage, type TestRun } from './stage.ts';

const open = () => {
  const engine = createMemoryEngine({ maxMessageBytes: 10_000 });
  return openStage(() => ({
    connect: (clientId, claims) =>
      createMemoryChannels({ engine, clientId, ...(claims !== undefined && { claims }) }),
    close: () => engine.close(),
  }));
};

/** A payment in three steps: what it costs is looked up, somebody approves, it is paid. */
function createPayment() {
  const did: string[] = [];
  return {
    did,
    run: async (run: TestRun): Promise<void> => {
      const price = await run.callTool('price', { of: 'tea' }, () => {
        did.push('price');
        return 7;
      });
      const { ok, input, callId } = await run.requestApproval('pay', { price });
      if (!ok) return;
      await run.callTool(
        'pay',
        input,
        (_, { idempotencyKey, progress }) => {
          progress('sending');
          did.push(`paid ${idempotencyKey === run.idempotencyKey(callId)}`);
          return 'done';
        },
        { id: callId },
      );
    },
  };
}

test.each(['closes', 'dies'])(
  'P7 P13 a run whose process %s while somebody is asked goes on in another one, and does nothing twice',
  async (end) => {
    const stage = await open();
    const { did, run: handler } = createPayment();
    let isFrozen = false;
    const channels = muted(stage.connect('bot', { role: 'agent' }), () => isFrozen);
    const first = await stage.agent(handler, { channels });
    const ada = await stage.person('ada');
    const run = stage.ask(ada);
    await soon(() => expect(readApproval(ada, { run, callId: 'pay-1' })?.digest).toBeDefined());
    expect(ada.run(run)?.status).toBe('active');
    if (end === 'closes') {
      await first.close();
      await soon(() => expect(ada.run(run)?.status).toBe('suspended'));
    } else isFrozen = true;
    const second = createPayment();
    await stage.agent(second.run);
    if (end === 'dies')
      await soon(() => expect(ada.run(run)).toMatchObject({ status: 'suspended', attempts: 2 }));
    await decideApproval(ada, approvalOf(ada, run), { ok: true });
    await soon(() => expect(ada.run(run)?.status).toBe('complete'));
    expect([...did, ...second.did]).toEqual(['price', 'paid true']);
    expect(callOf(ada, run, 'pay-1')).toMatchObject({ state: 'result', output: 'done' });
    expect(callOf(ada, run, 'price-1')).toMatchObject({ state: 'result', output: 7 });
  },
);

test('P13 a tool that a lost process was running is not run again, unless it says that it may be', async () => {
  const stage = await open();
  let isFrozen = false;
  const channels = muted(stage.connect('bot', { role: 'agent' }), () => isFrozen);
  const began: string[] = [];
  const hang = async (run: TestRun): Promise<void> => {
    await run.callTool('send', {}, () => {
      began.push('send');
      isFrozen = true;
      return new Promise<never>(() => {});
    });
  };
  await stage.agent(hang, { channels });
  const ada = await stage.person('ada');
  const run = stage.ask(ada);
  await soon(() => expect(began).toHaveLength(1));
  const errors: unknown[] = [];
  await stage.agent(async (each) => {
    await each.callTool('send', {}, () => began.push('again')).catch((error: unknown) => errors.push(error));
    await each.callTool('look', {}, () => 'seen', { idempotent: true });
  });
  await soon(() => expect(ada.run(run)?.status).toBe('complete'));
  expect(began).toEqual(['send']);
  expect(errors).toMatchObject([{ code: 'failed' }]);
  expect(callOf(ada, run, 'send-1')?.state).toBe('error');
});

test('progress of a server’s tool shows on every device, and a result too large for a message is an error that says so', async () => {
  const stage = await open();
  let goOn = (): void => {};
  const errors: SessionError[] = [];
  await stage.agent(
    async (run) => {
      await run.callTool('export', {}, async (_, { progress }) => {
        progress('half');
        await new Promise<void>((resolve) => (goOn = resolve));
        return 'x'.repeat(20_000);
      });
    },
    { onError: (error) => void errors.push(error as SessionError) },
  );
  const ada = await stage.person('ada');
  const run = stage.ask(ada);
  await soon(() => expect(callOf(ada, run, 'export-1')).toMatchObject({ state: 'running', output: 'half' }));
  goOn();
  await soon(() => expect(ada.run(run)?.status).toBe('error'));
  expect(callOf(ada, run, 'export-1')).toMatchObject({
    state: 'error',
    error: expect.stringContaining('give a reference'),
  });
  expect(errors).toMatchObject([{ code: 'too_large' }]);
});

test('a client tool whose result is too large has an error instead, and one that fails its error', async () => {
  const stage = await open();
  const outcomes: unknown[] = [];
  await stage.agent(async (run) => {
    for (const name of ['big', 'broken'])
      await run.requestTool(name, {}).catch((error: unknown) => outcomes.push(error));
  });
  const ada = await stage.person('ada', { device: 'one' });
  const stop = handleTools(ada, {
    big: (): JsonValue => 'x'.repeat(20_000),
    broken: () => Promise.reject(new Error('no position')),
  });
  const run = stage.ask(ada);
  await soon(() => expect(ada.run(run)?.status).toBe('complete'));
  stop();
  expect(outcomes).toMatchObject([
    { code: 'failed', message: expect.stringContaining('too large') },
    { code: 'failed', message: 'no position' },
  ]);
});

test.each([20_000, 0])(
  'a client tool’s result is there or an error that says why, whatever its size; held for %i ms',
  async (holdMs) => {
    const stage = await open();
    const outcomes: unknown[] = [];
    const sizes = [8_200, 8_300, 8_400, 9_000, 9_900, 10_000, 10_001, 20_000];
    await stage.agent(
      async (run) => {
        for (const size of sizes)
          await run.requestTool('big', { size }).then(
            (output) => outcomes.push(typeof output === 'string' && output.length === size),
            (error: SessionError) => {
              if (error.code === 'suspended') throw error;
              outcomes.push(error.message);
            },
          );
      },
      { holdMs },
    );
    const ada = await stage.person('ada', { device: 'one' });
    const stop = handleTools(ada, {
      big: (input): JsonValue => 'x'.repeat(Number((input as { size: number }).size)),
    });
    const run = stage.ask(ada);
    await soon(() => expect(ada.run(run)?.status).toBe('complete'));
    stop();
    const last = outcomes.slice(-sizes.length);
    expect(last.slice(0, 2)).toEqual([true, true]);
    // It fits into a message of its own, and not beside what an answer's has; or into none.
    for (const says of last.slice(2)) expect(says).toMatch(/give a reference|return where it is/u);
  },
);

test('a client tool that nobody answers has an error when its time is over, in the process and at rest', async () => {
  const stage = await open();
  const outcomes: unknown[] = [];
  for (const holdMs of [20_000, 0]) {
    const agent = await stage.agent(
      async (run) => {
        await run.requestTool('locate', {}, { timeoutMs: 700 }).catch((error: unknown) => {
          if ((error as SessionError).code === 'suspended') throw error;
          outcomes.push(error);
        });
      },
      { holdMs },
    );
    const ada = await stage.person('ada');
    const run = stage.ask(ada);
    await soon(() => expect(ada.run(run)?.status).toBe('complete'));
    await agent.close();
  }
  expect(outcomes).toMatchObject([
    { code: 'failed', message: 'No device gave a result in time.' },
    { code: 'failed', message: 'No device gave a result in time.' },
  ]);
});

test('what fits into a message goes as it is, whatever controls it holds', () => {
  const text = '\u001e["result","c",{"output":"é"}]\nplain';
  expect(fit(text, 10_000)).toEqual({ text });
  expect(fit(text, 60)).toEqual({ text });
  expect(fit(text, 20)).toMatchObject({
    text: expect.stringContaining('plain'),
    error: { code: 'too_large' },
  });
});
