import { readRun } from '@holdfast/core';
import { expect, test, vi } from 'vitest';
import type { TextChunk } from '../text-codec.ts';
import { said, shown, textCodec, textOf } from '../text-codec.ts';
import { createScene, createTap, ended, until } from '../scene.ts';

test('a question is answered, and every device shows the same', async () => {
  const scene = createScene();
  await scene.agent(async (run) => {
    const prompt = await run.prompt();
    await run.pipe(
      (async function* (): AsyncGenerator<TextChunk> {
        yield { type: 'text', text: `You said “${prompt.at(-1)}”` };
        yield { type: 'text', text: '. Good.' };
      })(),
    );
  });
  const [laptop, phone] = [await scene.device(), await scene.device()];
  const { run, stored } = laptop.send({ parts: said('hello') });
  expect(textOf(laptop.snapshot.messages[0]?.parts ?? [])).toBe('hello');
  await stored;
  await Promise.all([ended(laptop, run), ended(phone, run)]);
  for (const device of [laptop, phone]) {
    expect(device.run(run)?.status).toBe('complete');
    expect(device.snapshot.messages.map(({ role, parts }) => [role, textOf(parts)])).toEqual([
      ['user', 'hello'],
      ['assistant', 'You said “user: hello”. Good.'],
    ]);
  }
});

test('a reader gets what there is and then the rest, and history holds two messages', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent((run) => run.pipe(tap.chunks));
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('tell me') });
  for (let n = 0; n < 100; n += 1) tap.say(`word${n} `);
  await until(laptop, () => laptop.log(run).includes('word99'));

  const phone = await scene.device();
  const chunks: TextChunk[] = [];
  const reading = (async () => {
    for await (const chunk of readRun(phone, run, { codec: textCodec })) chunks.push(chunk);
  })();
  for (let n = 100; n < 200; n += 1) tap.say(`word${n} `);
  tap.end();
  await reading;
  expect(shown(chunks)).toBe(Array.from({ length: 200 }, (_, n) => `word${n} `).join(''));
  expect(chunks.length).toBeLessThan(110);

  const { messages } = await scene.connect('ada').channel(scene.name).history();
  expect(messages.map(({ name }) => name)).toEqual(['output', 'input']);
});

test('any device stops a run; what was written stays, on all of them', async () => {
  const scene = createScene();
  const tap = createTap();
  let reason: unknown;
  await scene.agent(async (run) => {
    run.signal.addEventListener('abort', () => (reason = run.signal.reason));
    await run.pipe(tap.chunks);
  });
  const [laptop, phone] = [await scene.device(), await scene.device()];
  const { run } = laptop.send({ parts: said('count') });
  tap.say('one two ');
  await until(phone, () => phone.log(run).includes('two'));
  const read = (async () => {
    for await (const chunk of readRun(laptop, run, { codec: textCodec })) void chunk;
  })();
  await phone.cancel(run);
  await expect(read).rejects.toMatchObject({ name: 'AbortError' });
  await Promise.all([ended(laptop, run), ended(phone, run)]);
  expect(laptop.run(run)?.status).toBe('cancelled');
  expect(reason).toMatchObject({ name: 'AbortError' });
  expect(textOf(phone.snapshot.messages.at(-1)?.parts ?? [])).toBe('one two ');
});

test('I15 a run that is cancelled before an agent saw it never reaches the model', async () => {
  const scene = createScene();
  const laptop = await scene.device();
  const { run, stored } = laptop.send({ parts: said('never mind') });
  await stored;
  await laptop.cancel(run);
  let calls = 0;
  await scene.agent(() => void (calls += 1));
  const { run: next } = laptop.send({ parts: said('this one') });
  await ended(laptop, next);
  expect(laptop.run(run)?.status).toBe('cancelled');
  expect(calls).toBe(1);
});

test('P8 of two agents one calls the model', async () => {
  const scene = createScene();
  let calls = 0;
  const answer = async (run: { pipe(chunks: AsyncIterable<TextChunk>): Promise<void> }) => {
    calls += 1;
    await run.pipe(
      (async function* (): AsyncGenerator<TextChunk> {
        yield { type: 'text', text: 'yes' };
      })(),
    );
  };
  await scene.agent(answer);
  await scene.agent(answer);
  await scene.agent(answer);
  const laptop = await scene.device();
  for (let n = 0; n < 5; n += 1) {
    const { run } = laptop.send({ parts: said(`question ${n}`) });
    await ended(laptop, run);
    expect(laptop.run(run)?.status).toBe('complete');
  }
  expect(calls).toBe(5);
  expect(laptop.snapshot.messages).toHaveLength(10);
});

test('runs wait for their turn, in the order in which they were asked for', async () => {
  const scene = createScene();
  const taps = [createTap(), createTap()];
  const order: string[] = [];
  await scene.agent(async (run) => {
    order.push((await run.prompt()).at(-1) ?? '');
    await run.pipe(taps[order.length - 1]?.chunks ?? createTap().chunks);
  });
  const laptop = await scene.device();
  const first = laptop.send({ parts: said('first') });
  await until(laptop, () => laptop.run(first.run)?.status === 'active');
  const second = laptop.send({ parts: said('second') });
  await second.stored;
  expect(laptop.run(second.run)?.status).toBe('queued');
  taps[0]?.say('one');
  taps[0]?.end();
  taps[1]?.say('two');
  taps[1]?.end();
  await ended(laptop, second.run);
  expect(order).toEqual(['user: first', 'user: second']);
  expect(laptop.snapshot.messages.map(({ parts }) => textOf(parts))).toEqual([
    'first',
    'one',
    'second',
    'two',
  ]);
});

test('an edit and a regeneration make siblings, and a view shows one of them', async () => {
  const scene = createScene();
  let count = 0;
  await scene.agent(async (run) => {
    const tap = createTap();
    tap.say(`answer ${(count += 1)}`);
    tap.end();
    await run.pipe(tap.chunks);
  });
  const laptop = await scene.device();
  const first = laptop.send({ parts: said('question') });
  await ended(laptop, first.run);
  const again = laptop.regenerate({ input: first.message });
  await ended(laptop, again.run);
  const texts = () => laptop.snapshot.messages.map(({ parts }) => textOf(parts));
  expect(texts()).toEqual(['question', 'answer 2']);
  const answer = laptop.snapshot.messages[1];
  expect(answer?.siblings).toHaveLength(2);
  if (answer?.siblings[0] !== undefined) laptop.select(answer.siblings[0]);
  expect(texts()).toEqual(['question', 'answer 1']);
  const edit = laptop.send({ id: first.message, parts: said('better question') });
  await ended(laptop, edit.run);
  expect(texts()).toEqual(['better question', 'answer 3']);
  expect(laptop.snapshot.messages[0]?.siblings).toEqual([first.message, edit.message]);
});

test('a handler that fails ends the run, without telling the session more than it may know', async () => {
  const scene = createScene();
  const errors: unknown[] = [];
  await scene.agent(() => Promise.reject(new Error('the password is 1234')), {
    onError: (error) => void errors.push(error),
  });
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('hello') });
  await ended(laptop, run);
  expect(laptop.run(run)).toMatchObject({ status: 'error', reason: 'The agent failed to answer.' });
  expect(errors).toEqual([new Error('the password is 1234')]);
  await expect(
    readRun(laptop, run, { codec: textCodec })[Symbol.asyncIterator]().next(),
  ).rejects.toMatchObject({
    code: 'failed',
  });
});

test('a call that a client answers suspends the run, and the answer takes it up again', async () => {
  const scene = createScene();
  let legs = 0;
  await scene.agent(async (run) => {
    legs += 1;
    const tap = createTap();
    tap.say(legs === 1 ? 'Where are you? ' : 'Then take the tram.');
    if (legs === 1) tap.push({ type: 'call', id: 'c1', name: 'locate' });
    tap.end();
    await run.pipe(tap.chunks);
  });
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('the way, please') });
  await until(laptop, () => laptop.run(run)?.status === 'suspended');
  const from = {
    content: laptop.snapshot.messages.at(-1) ?? { parts: [] },
    length: laptop.run(run)?.length ?? 0,
  };
  await laptop.answer({ run, callId: 'c1' }, { type: 'output', output: { lisbon: true } });
  const chunks: TextChunk[] = [];
  for await (const chunk of readRun(laptop, run, { codec: textCodec, from })) chunks.push(chunk);
  expect(chunks[0]).toEqual({ type: 'result', id: 'c1' });
  expect(shown(chunks)).toBe('Then take the tram.');
  await ended(laptop, run);
  expect(laptop.run(run)?.status).toBe('complete');
  expect(textOf(laptop.snapshot.messages.at(-1)?.parts ?? [])).toBe('Where are you? Then take the tram.');
});

test('transient chunks reach who listens and are never stored', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent((run) => run.pipe(tap.chunks));
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('hello') });
  const chunks: TextChunk[] = [];
  const reading = (async () => {
    for await (const chunk of readRun(laptop, run, { codec: textCodec })) {
      chunks.push(chunk);
      if (chunk.type === 'passing') tap.end();
    }
  })();
  tap.say('hi');
  await vi.waitFor(() => expect(chunks).toHaveLength(1));
  tap.push({ type: 'passing', text: 'progress 50 %' });
  await reading;
  expect(chunks).toEqual([
    { type: 'text', text: 'hi' },
    { type: 'passing', text: 'progress 50 %' },
  ]);
  expect(laptop.log(run)).not.toContain('progress');
});

test('aborting a reader only detaches', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent((run) => run.pipe(tap.chunks));
  const laptop = await scene.device();
  const { run } = laptop.send({ parts: said('hello') });
  const controller = new AbortController();
  const reading = readRun(laptop, run, { codec: textCodec, signal: controller.signal })[
    Symbol.asyncIterator
  ]();
  tap.say('one');
  expect(await reading.next()).toMatchObject({ value: { text: 'one' } });
  const next = reading.next();
  controller.abort(new Error('left the page'));
  await expect(next).rejects.toThrow('left the page');
  tap.say(' two');
  tap.end();
  await ended(laptop, run);
  expect(laptop.run(run)?.status).toBe('complete');
});

test('I16 a participant can not end what another asked for, and is told so', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent((run) => run.pipe(tap.chunks));
  const [ada, bob] = [await scene.device('ada'), await scene.device('bob')];
  const { run } = ada.send({ parts: said('hello') });
  await until(bob, () => bob.run(run)?.status === 'active');
  await bob.cancel(run);
  expect(bob.run(run)?.status).toBe('active');
  await until(bob, () => bob.snapshot.refusals.length > 0);
  expect(bob.snapshot.refusals).toMatchObject([{ kind: 'cancel', code: 'forbidden' }]);
  expect(ada.snapshot.refusals).toEqual([]);
  tap.end();
  await ended(ada, run);
  expect(ada.run(run)?.status).toBe('complete');
});
