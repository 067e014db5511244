import { CHANNEL_LAWS, runLaw } from '@holdfast/conformance/channel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAblyBackend } from './ably-backend.ts';
import { openStage, type Stage } from './open-pair.ts';

const PER_SECOND = 50;

function lawOf(id: (typeof CHANNEL_LAWS)[number]['id']) {
  const law = CHANNEL_LAWS.find((each) => each.id === id);
  if (law === undefined) throw new TypeError(`no law ${id}`);
  return law;
}

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ limits: { messagesPerSecond: PER_SECOND, messageBytes: 8192 } });
});
afterEach(() => stage.close());

it('I9.too-fast holds at the rate that Ably allows', async () => {
  const open = () =>
    openAblyBackend({
      emulator: { limits: { messagesPerSecond: PER_SECOND } },
      channels: { messagesPerSecond: PER_SECOND },
    });
  expect(await runLaw(lawOf('I9.too-fast'), { open })).toMatchObject({ status: 'held' });
});

it('a stream of text stays under the rate by joining appends, and nothing is refused', async () => {
  const { channel } = await stage.join('ada', {}, { messagesPerSecond: PER_SECOND });
  const draft = { id: 'growing', name: 'note', data: '' };
  const [created] = await channel.publish({ action: 'create', draft });
  const serial = created?.serial;
  if (serial === undefined) throw new Error('no receipt');
  const words = Array.from({ length: 500 }, (_, index) => `w${index} `);
  let offset = 0;
  const calls = words.map((data) => {
    offset += data.length;
    return channel.publish({ action: 'append', serial, data, offset: offset - data.length });
  });
  await Promise.all(calls);
  expect((await channel.history()).messages[0]?.data).toBe(words.join(''));
});

it('states the size limit that the server states, and refuses what grows beyond it', async () => {
  const { channel } = await stage.join('ada');
  const { maxMessageBytes } = channel.features;
  expect(maxMessageBytes).toBeGreaterThan(6000);
  expect(maxMessageBytes).toBeLessThan(8192);
  const [created] = await channel.publish({
    action: 'create',
    draft: { id: 'big', name: 'note', data: 'x'.repeat(maxMessageBytes - 200) },
  });
  const serial = created?.serial;
  if (serial === undefined) throw new Error('no receipt');
  const offset = maxMessageBytes - 200;
  await expect(
    channel.publish({ action: 'append', serial, data: 'y'.repeat(2000), offset }),
  ).rejects.toMatchObject({ code: 'too_large' });
  await channel.publish({ action: 'append', serial, data: 'end', offset });
});
