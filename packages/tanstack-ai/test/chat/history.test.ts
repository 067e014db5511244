import { expect, test } from 'vitest';
import { chat, toolDefinition } from '@tanstack/ai';
import { z } from 'zod';
import { answer, calls, createModel, createTap, toolCall } from '../model.ts';
import { createScene, lines, settled, shown, soon } from './scene.ts';

test('a page of history is loaded, then older ones, and the live chat keeps them', async () => {
  const scene = createScene();
  await scene.agent({ model: createModel(...[0, 1, 2, 3, 4, 5].map((n) => answer(`a${n}`))) });
  const laptop = await scene.tab();
  for (const n of [0, 1, 2, 3, 4]) await laptop.chat.sendMessage(`q${n}`);
  await settled(laptop);
  const phone = await scene.tab({ page: 4, pageSize: 5 });
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: a4'));
  await soon(() => expect(phone.chat.getHasOlderMessages()).toBe(true));
  expect(lines(phone).length).toBeLessThan(10);
  while (phone.chat.getHasOlderMessages()) await phone.chat.loadOlderMessages();
  await soon(() => expect(shown(phone.chat.getMessages())).toEqual(shown(laptop.chat.getMessages())));
  await phone.chat.sendMessage('q5');
  await settled(laptop, phone);
  expect(lines(laptop)).toHaveLength(12);
});

test('hydrate names what is asked, and no active run', async () => {
  const scene = createScene();
  const inputSchema = z.object({});
  const pay = toolDefinition({ name: 'pay', description: 'pays', inputSchema, needsApproval: true });
  await scene.agent({ model: createModel(calls(toolCall('pay', {}))), tools: [pay.server(() => 'paid')] });
  const laptop = await scene.tab({ tools: [pay.client()] });
  await laptop.chat.sendMessage('pay');
  await settled(laptop);
  const phone = await scene.tab({ page: 10, tools: [pay.client()] });
  const page = await phone.connection.hydrate(scene.name);
  expect(page).toMatchObject({ activeRun: null, page: { truncated: false } });
  expect(page.interrupts?.pending).toMatchObject([{ metadata: { kind: 'approval' } }]);
  await soon(() => expect(phone.chat.getInterrupts()).toHaveLength(1));
});

test('what a sub-agent asks is no interrupt of the chat, and its answer no turn', async () => {
  const scene = createScene();
  const inputSchema = z.object({});
  const pay = toolDefinition({ name: 'pay', description: 'pays', inputSchema, needsApproval: true });
  const asking = createModel(calls(toolCall('pay', {})));
  const telling = createModel(answer('I have asked.'));
  await scene.agent({
    async stream(run) {
      const { abortController } = run;
      const messages = await run.prompt();
      const isTask = run.run.parentRun !== undefined;
      if (!isTask) run.delegate('bot', 'pay');
      const { adapter } = isTask ? asking : telling;
      return chat({ adapter, tools: [pay.server(() => 'paid')], messages, abortController, debug: false });
    },
  });
  const laptop = await scene.tab({ tools: [pay.client()] });
  await laptop.chat.sendMessage('please');
  await soon(() =>
    expect(laptop.session.snapshot.runs.map(({ status }) => status)).toEqual(['complete', 'suspended']),
  );
  const phone = await scene.tab({ page: 10, tools: [pay.client()] });
  expect(await phone.connection.hydrate(scene.name)).toMatchObject({ interrupts: null });
  for (const tab of [laptop, phone])
    await soon(() => expect(lines(tab)).toEqual(['user: please', 'assistant: I have asked.']));
  expect(laptop.chat.getInterrupts()).toEqual([]);
});

test('only what is new travels, and no key ever', async () => {
  const scene = createScene();
  const model = createModel(answer('Yes.'));
  await scene.agent({ model });
  const laptop = await scene.tab();
  laptop.chat.updateOptions({ body: { apiKey: 'sk-body' }, forwardedProps: { key: 'sk-forwarded' } });
  const sizes: number[] = [];
  for (let n = 0; n < 8; n += 1) {
    await laptop.chat.sendMessage(`question ${n}`, { secret: 'sk-message' });
    await settled(laptop);
    const { messages } = await laptop.channels.channel(scene.name).history({ limit: 2 });
    sizes.push(JSON.stringify(messages.find(({ name }) => name === 'input')?.data).length);
  }
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(120);
  const { messages } = await laptop.channels.channel(scene.name).history({ limit: 100 });
  expect(messages).toHaveLength(16);
  expect(JSON.stringify(messages)).not.toContain('sk-');
});

test('pictures, documents and metadata of a question arrive as they were sent', async () => {
  const scene = createScene();
  const model = createModel(answer('Nice.'));
  await scene.agent({ model });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({
    content: [
      { type: 'text', content: 'Look:' },
      {
        type: 'image',
        source: { type: 'data', value: 'aGk=', mimeType: 'image/png' },
        metadata: { detail: 'low' },
      },
      { type: 'document', source: { type: 'url', value: 'https://example.com/a.pdf' } },
    ],
    metadata: { topic: 'sea' },
  });
  await settled(laptop, phone);
  expect(phone.chat.getMessages()[0]).toMatchObject({
    metadata: { topic: 'sea' },
    parts: [
      { type: 'text', content: 'Look:' },
      {
        type: 'image',
        source: { type: 'data', value: 'aGk=', mimeType: 'image/png' },
        metadata: { detail: 'low' },
      },
      { type: 'document', source: { type: 'url', value: 'https://example.com/a.pdf' } },
    ],
  });
  expect(JSON.stringify(model.prompts[0])).toContain('aGk=');
});

test('custom events reach whoever listens, also who joins while the answer is written', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const laptop = await scene.tab();
  const sent = laptop.chat.sendMessage('go');
  tap.say('Working');
  tap.push({ type: 'CUSTOM', name: 'progress', value: { done: 1 } });
  await soon(() => expect(laptop.custom).toEqual([['progress', { done: 1 }]]));
  const phone = await scene.tab();
  await soon(() => expect(phone.custom).toEqual([['progress', { done: 1 }]]));
  tap.push({ type: 'CUSTOM', name: 'progress', value: { done: 2 } });
  tap.end();
  await sent;
  await settled(laptop, phone);
  expect(laptop.custom).toHaveLength(2);
  expect(phone.custom).toHaveLength(2);
});
