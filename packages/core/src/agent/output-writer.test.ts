import { ChannelError } from '@holdfast/channel';
import type { Channel, Receipt } from '@holdfast/channel';
import { createMemoryChannels } from '@holdfast/channel/memory';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { flaky, type Luck } from '../../test/flaky-channel.ts';
import { createOutputWriter } from './output-writer.ts';

async function openMessage(): Promise<{ channel: Channel; receipt: Receipt }> {
  const channel = createMemoryChannels({ clientId: 'bot' }).channel('writing');
  const draft = { id: 'output', name: 'output', data: '' };
  const [receipt] = await channel.publish({ action: 'create', draft });
  if (receipt === undefined) throw new Error('no receipt');
  return { channel, receipt };
}

async function dataOf(channel: Channel): Promise<unknown> {
  return (await channel.history()).messages[0]?.data;
}

test('P12 whatever becomes of single appends, the whole text is stored once and in order', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const luck = fc.array(fc.constantFrom<Luck>('good', 'lost', 'receipt lost'), { maxLength: 12 });
  const texts = fc.array(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 20 });
  try {
    await fc.assert(
      fc.asyncProperty(luck, texts, fc.boolean(), async (fates, words, checksOffsets) => {
        const { channel, receipt } = await openMessage();
        const unreliable = flaky({ ...channel, features: { ...channel.features, checksOffsets } }, fates);
        const failures: unknown[] = [];
        const writer = createOutputWriter({
          channel: unreliable,
          serial: receipt.serial,
          onFailed: (error) => failures.push(error),
        });
        for (const word of words) writer.append(word);
        const flushed = writer.flush();
        await vi.runAllTimersAsync();
        await flushed;
        expect(failures).toEqual([]);
        expect(await dataOf(channel)).toBe(words.join(''));
      }),
      { numRuns: 1000 },
    );
  } finally {
    vi.useRealTimers();
  }
}, 60_000);

test('no receipt is awaited between one text and the next, until many are under way', async () => {
  const { channel, receipt } = await openMessage();
  const held: (() => void)[] = [];
  const slow: Channel = {
    ...channel,
    features: channel.features,
    async publish(operations) {
      await new Promise<void>((resolve) => held.push(resolve));
      return channel.publish(operations);
    },
  };
  const writer = createOutputWriter({ channel: slow, serial: receipt.serial, onFailed() {} });
  for (let n = 0; n < 100; n += 1) writer.append(`${n} `);
  expect(held).toHaveLength(32);
  const flushed = writer.flush();
  const release = setInterval(() => held.splice(0).forEach((resolve) => resolve()), 0);
  await flushed;
  clearInterval(release);
  expect(await dataOf(channel)).toBe(Array.from({ length: 100 }, (_, n) => `${n} `).join(''));
});

test('who writes much faster than the channel takes is held back', async () => {
  const { channel, receipt } = await openMessage();
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const slow: Channel = {
    ...channel,
    features: channel.features,
    publish: (operations) => gate.then(() => channel.publish(operations)),
  };
  const writer = createOutputWriter({ channel: slow, serial: receipt.serial, onFailed() {} });
  for (let n = 0; n < 32; n += 1) writer.append('x');
  await writer.ready();
  writer.append('y'.repeat(100_000));
  let isReady = false;
  const ready = writer.ready()?.then(() => (isReady = true));
  await Promise.resolve();
  expect(isReady).toBe(false);
  release();
  await ready;
  await writer.flush();
});

test('a sealed message ends the writer, and nothing rejects unhandled', async () => {
  const { channel, receipt } = await openMessage();
  await channel.publish({
    action: 'create',
    draft: { id: 'next', name: 'output', data: '' },
    seals: receipt.serial,
  });
  const failures: unknown[] = [];
  const writer = createOutputWriter({
    channel,
    serial: receipt.serial,
    onFailed: (error) => failures.push(error),
  });
  writer.append('too late');
  await expect(writer.flush()).rejects.toMatchObject({ code: 'sealed' });
  expect(failures).toEqual([expect.any(ChannelError)]);
});
