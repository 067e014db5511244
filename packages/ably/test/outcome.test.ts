import type { Delivery, Serial } from '@holdfast/channel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStage, type Party, type Stage } from './open-pair.ts';

let stage: Stage;
let ada: Party;
let serial: Serial;

beforeEach(async () => {
  stage = await openStage();
  ada = await stage.join('ada');
  const draft = { id: 'growing', name: 'note', data: 'a' };
  const [receipt] = await ada.channel.publish({ action: 'create', draft });
  if (receipt === undefined) throw new Error('no receipt');
  serial = receipt.serial;
});
afterEach(() => stage.close());

const textNow = async (): Promise<unknown> => (await ada.channel.history()).messages.at(-1)?.data;

describe('P12', () => {
  it('says the whole text again when an append was answered to another connection', async () => {
    const { id } = ada.client.connection;
    stage.emulator.faults.swallowAcks();
    const appended = ada.channel.publish({ action: 'append', serial, data: 'b', offset: 1 });
    await vi.waitUntil(async () => (await textNow()) === 'ab');
    stage.emulator.faults.refuseNextResume();
    stage.emulator.faults.cut();
    // The client sends the append again by itself: at Ably it is another append now.
    await appended;
    expect(ada.client.connection.id).not.toBe(id);
    expect(await textNow()).toBe('ab');
    await ada.channel.publish({ action: 'append', serial, data: 'c', offset: 2 });
    expect(await textNow()).toBe('abc');
  });

  it('mends an append that was refused for a reason that passes', async () => {
    stage.emulator.faults.refuseNextAppend();
    await ada.channel.publish({ action: 'append', serial, data: 'b', offset: 1 });
    expect(await textNow()).toBe('ab');
  });

  it('takes an append that is repeated at its offset once', async () => {
    const append = { action: 'append', serial, data: 'b', offset: 1 } as const;
    const [first] = await ada.channel.publish(append);
    expect(await ada.channel.publish(append)).toEqual([first]);
    expect(await textNow()).toBe('ab');
    await expect(ada.channel.publish({ ...append, data: 'x' })).rejects.toMatchObject({ code: 'conflict' });
  });
});

it('a create that is told twice to Ably, over two connections, is stored once', async () => {
  stage.emulator.faults.swallowAcks();
  const draft = { id: 'once', name: 'note', data: 1 };
  const created = ada.channel.publish({ action: 'create', draft });
  await vi.waitUntil(async () => (await ada.channel.history()).messages[0]?.id === 'once');
  stage.emulator.faults.refuseNextResume();
  stage.emulator.faults.cut();
  await created;
  const { messages } = await ada.channel.history();
  expect(messages.map(({ id }) => id)).toEqual(['once', 'growing']);
});

it('nothing overtakes an append that Ably holds back', async () => {
  const release = stage.emulator.faults.holdAppends();
  const bob = await stage.join('bob');
  const heard: string[] = [];
  await bob.channel.subscribe((delivery: Delivery) => {
    if (delivery.kind === 'message') heard.push(JSON.stringify(delivery.message.data));
  });
  const draft = { id: 'end', name: 'note', data: 'end' };
  const calls = [
    ada.channel.publish({ action: 'append', serial, data: 'b', offset: 1 }),
    ada.channel.publish({ action: 'create', draft }),
  ];
  // Another publisher's message shows that the channel goes on meanwhile.
  await bob.channel.publish({ action: 'create', draft: { id: 'other', name: 'note', data: 'other' } });
  await vi.waitUntil(() => heard.includes('"other"'));
  release();
  await Promise.all(calls);
  await vi.waitUntil(() => heard.includes('"end"'));
  expect(heard).toEqual(['"other"', '"ab"', '"end"']);
});

it('tells a gap where Ably cannot go on, and everything after it whole', async () => {
  const heard: Delivery[] = [];
  await ada.channel.subscribe((delivery) => void heard.push(delivery));
  await stage.emulator.faults.forgetHistory();
  stage.emulator.faults.cut();
  await vi.waitUntil(() => heard.some(({ kind }) => kind === 'gap'));
  await ada.channel.publish({ action: 'append', serial, data: 'b', offset: 1 });
  await vi.waitUntil(() => heard.length === 2);
  expect(heard).toMatchObject([{ kind: 'gap' }, { kind: 'message', message: { serial, data: 'ab' } }]);
});
