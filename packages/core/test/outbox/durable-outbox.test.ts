import { ChannelError } from '@holdfast/channel';
import { createMemoryStore } from '@holdfast/core/outbox';
import { expect, test } from 'vitest';
import { until } from '../scene.ts';
import { said } from '../text-codec.ts';
import { openDesk, shown, type Tab } from './desk.ts';

function write({ session }: Tab, ...texts: readonly string[]) {
  return texts.map((text) => session.send({ parts: said(text) }));
}

/** A tab that has written this offline. */
async function offline(tab: Tab, ...texts: readonly string[]) {
  await tab.session.ready;
  tab.cut();
  return write(tab, ...texts);
}

function allSent({ session }: Tab): Promise<void> {
  return until(session, () => session.snapshot.messages.every(({ delivery }) => delivery === 'sent'));
}

test('what is written offline is sent once and in order when the network is back', async () => {
  const desk = openDesk();
  const tab = desk.open();
  const sent = await offline(tab, 'one', 'two', 'three');
  expect(shown(tab)).toEqual(['one: sending', 'two: sending', 'three: sending']);
  tab.heal();
  await Promise.all(sent.map(({ stored }) => stored));
  await allSent(tab);
  expect(shown(tab)).toEqual(['one: sent', 'two: sent', 'three: sent']);
  expect(await desk.said()).toEqual(['one', 'two', 'three']);
  await expect.poll(desk.kept).toEqual([]);
});

test('after a reload it shows at once, in order, and is sent when the network is there', async () => {
  const desk = openDesk();
  const before = desk.open();
  await before.session.ready;
  await write(before, 'zero')[0]?.stored;
  await offline(before, 'one', 'two', 'three');
  await expect.poll(desk.kept).toHaveLength(3);
  before.kill();

  const after = desk.open({ isOffline: true });
  await until(after.session, () => after.session.snapshot.messages.length === 3);
  expect(after.session.snapshot.status).toBe('connecting');
  // Nothing is loaded, so nobody knows yet after what this is said.
  write(after, 'four');
  expect(shown(after)).toEqual(['one: sending', 'two: sending', 'three: sending', 'four: sending']);
  after.heal();
  await after.session.ready;
  await allSent(after);
  expect(shown(after)).toEqual(['zero: sent', 'one: sent', 'two: sent', 'three: sent', 'four: sent']);
});

test('what others said meanwhile comes first, and stays in sight', async () => {
  const desk = openDesk();
  const [ada, ben] = [desk.open(), desk.open({ user: 'ben' })];
  await Promise.all([ada.session.ready, ben.session.ready]);
  await write(ada, 'zero')[0]?.stored;
  await until(ben.session, () => ben.session.snapshot.messages.length === 1);
  const [mine] = await offline(ada, 'mine');
  for (const text of ['his', 'his too']) await write(ben, text)[0]?.stored;
  ada.heal();
  await mine?.stored;
  await allSent(ada);
  expect(shown(ada)).toEqual(['zero: sent', 'his: sent', 'his too: sent', 'mine: sent']);
});

test('a refused message stays in sight as failed, says why, and the conversation goes on above it', async () => {
  const desk = openDesk();
  let isBarred = true;
  const tab = desk.open({
    publish(publish, draft) {
      if (isBarred && JSON.stringify(draft).includes('bad'))
        throw new ChannelError('too_large', 'It is too large.');
      return publish();
    },
  });
  const [bad, next] = await offline(tab, 'bad', 'next');
  if (!bad || !next) throw new Error('two were written');
  tab.heal();
  await expect(bad.stored).rejects.toMatchObject({ name: 'SessionError', code: 'refused' });
  await next.stored;
  await expect.poll(() => shown(tab)).toEqual(['next: sent', 'bad: failed']);
  expect(tab.session.run(bad.run)?.status).toBe('error');
  expect(tab.session.snapshot.refusals).toMatchObject([
    { record: bad.run, kind: 'input', code: 'too_large' },
  ]);
  expect(tab.unsent.find(bad.message)).toMatchObject({ state: 'failed', code: 'too_large', run: bad.run });
  // What follows hangs below what is there.
  const [third] = write(tab, 'third');
  expect(shown(tab)).toEqual(['next: sent', 'third: sending', 'bad: failed']);
  await third?.stored;
  await expect.poll(() => shown(tab)).toEqual(['next: sent', 'third: sent', 'bad: failed']);

  // A reload forgets none of it.
  tab.kill();
  const after = desk.open({ isOffline: true });
  await expect.poll(() => shown(after)).toEqual(['bad: failed']);
  expect(after.session.snapshot.refusals).toMatchObject([{ record: bad.run, code: 'too_large' }]);
  after.heal();
  await expect.poll(() => shown(after)).toEqual(['next: sent', 'third: sent', 'bad: failed']);
  isBarred = false;
  const again = after.unsent.resend(bad.message);
  expect(again).toMatchObject({ run: bad.run, message: bad.message });
  await again.stored;
  await expect.poll(() => shown(after)).toEqual(['next: sent', 'third: sent', 'bad: sent']);
  expect(after.session.snapshot.refusals).toEqual([]);
  expect(() => after.unsent.resend(bad.message)).toThrow('No such message has failed');
  expect(await desk.said()).toEqual(['next', 'third', 'bad']);
});

test('what can not be sent in time fails, and can be sent again or dropped', async () => {
  const desk = openDesk();
  let time = 1_000_000;
  const tab = desk.open({ now: () => time, expiryMs: 60_000 });
  const [one, two] = await offline(tab, 'one', 'two');
  if (!one || !two) throw new Error('two were written');
  await expect.poll(desk.kept).toHaveLength(2);
  tab.kill();
  time += 60_000;
  const after = desk.open({ now: () => time, expiryMs: 60_000, isOffline: true });
  await expect.poll(() => shown(after)).toEqual(['one: failed', 'two: failed']);
  expect(after.unsent.find(one.message)).toMatchObject({ state: 'failed', code: 'expired' });
  after.heal();
  await after.session.ready;
  expect(await after.unsent.withdraw(one.message)).toEqual({ outcome: 'withdrawn' });
  await after.unsent.resend(two.message).stored;
  expect(await desk.said()).toEqual(['two']);
  await expect.poll(() => shown(after)).toEqual(['two: sent']);
  await expect.poll(desk.kept).toEqual([]);
});

test('a message expires while its tab waits for the network', async () => {
  const desk = openDesk();
  const tab = desk.open({ expiryMs: 30 });
  const [one] = await offline(tab, 'one');
  await expect(one?.stored).rejects.toMatchObject({ code: 'expired' });
  expect(shown(tab)).toEqual(['one: failed']);
});

test('a message that waits can be taken back, and what came after it hangs elsewhere', async () => {
  const desk = openDesk();
  const tab = desk.open();
  await tab.session.ready;
  await write(tab, 'zero')[0]?.stored;
  const [one, two] = await offline(tab, 'one', 'two');
  if (!one || !two) throw new Error('two were written');
  expect(await tab.unsent.withdraw(one.message)).toEqual({ outcome: 'withdrawn' });
  await expect(one.stored).rejects.toMatchObject({ code: 'withdrawn' });
  expect(shown(tab)).toEqual(['zero: sent', 'two: sending']);
  await expect(tab.unsent.withdraw(one.message)).rejects.toMatchObject({ code: 'not_found' });
  tab.heal();
  await two.stored;
  await allSent(tab);
  expect(shown(tab)).toEqual(['zero: sent', 'two: sent']);
  expect(await desk.said()).toEqual(['zero', 'two']);
  await expect.poll(desk.kept).toEqual([]);
});

test('who takes back what is being sent is told whether it went', async () => {
  const desk = openDesk();
  const gates: (() => void)[] = [];
  const held = desk.open({
    async publish(publish) {
      await new Promise<void>((resolve) => gates.push(resolve));
      return publish();
    },
  });
  await held.session.ready;
  const [one] = write(held, 'one');
  if (!one) throw new Error('one was written');
  const withdrawal = held.unsent.withdraw(one.message);
  expect(shown(held)).toEqual([]);
  await expect.poll(() => gates).toHaveLength(1);
  gates[0]?.();
  expect(await withdrawal).toMatchObject({ outcome: 'stored', receipt: { serial: expect.any(String) } });
  await expect.poll(() => shown(held)).toEqual(['one: sent']);
});

test.each([
  ['it never arrived', 'withdrawn', []],
  ['only its receipt got lost', 'stored', ['one']],
] as const)('… even after a crash, when %s', async (fate, outcome, inTheEnd) => {
  const desk = openDesk();
  const tab = desk.open({
    async publish(publish) {
      tab.cut();
      if (fate !== 'it never arrived') await publish();
      throw new ChannelError('unknown_outcome', 'The line broke.');
    },
  });
  await tab.session.ready;
  const [one] = write(tab, 'one');
  if (!one) throw new Error('one was written');
  await expect.poll(() => tab.session.snapshot.status).toBe('offline');
  void tab.unsent.withdraw(one.message).catch(() => {});
  await expect.poll(async () => (await desk.store.load('desk'))[0]?.withdrawn).toBe(true);
  tab.kill();
  const after = desk.open();
  await after.session.ready;
  await expect.poll(desk.kept).toEqual([]);
  expect(await desk.said()).toEqual(inTheEnd);
  expect(after.session.snapshot.messages).toHaveLength(inTheEnd.length);
  expect(outcome).toBe(inTheEnd.length === 0 ? 'withdrawn' : 'stored');
});

test('P30 what may have been stored is looked for, however far down, and not sent again', async () => {
  const desk = openDesk();
  const published: string[] = [];
  const tab = desk.open({
    async publish(publish) {
      await publish();
      tab.kill();
      return new Promise(() => {});
    },
  });
  await tab.session.ready;
  write(tab, 'one');
  await expect.poll(desk.said).toEqual(['one']);
  const ben = desk.open({ user: 'ben' });
  await ben.session.ready;
  for (let n = 0; n < 120; n += 1) await ben.session.setState('n', n);
  const after = desk.open({
    publish(publish, { id }) {
      published.push(id);
      return publish();
    },
  });
  await after.session.ready;
  await expect.poll(desk.kept).toEqual([]);
  expect(published).toEqual([]);
  expect(shown(after)).toEqual([]);
  while (await after.session.loadOlder());
  expect(shown(after)).toEqual(['one: sent']);
});

test('nobody sends what somebody else wrote on the same browser', async () => {
  const desk = openDesk();
  const ada = desk.open();
  await offline(ada, 'a secret of Ada');
  await expect.poll(desk.kept).toHaveLength(1);
  ada.kill();

  // The page believes that this is Ada, the connection knows better.
  const ben = desk.open({ user: 'ben', clientId: 'ada' });
  await ben.session.ready;
  await write(ben, 'from Ben')[0]?.stored;
  expect(shown(ben).map((line) => line.replace(/: .*/, ''))).toEqual(['from Ben']);
  expect(await desk.said()).toEqual(['from Ben']);
  ben.kill();

  const again = desk.open();
  await again.session.ready;
  await expect.poll(desk.said).toEqual(['from Ben', 'a secret of Ada']);
});

test('of two tabs the one that wrote it sends it, and the other one only when that is gone', async () => {
  const desk = openDesk();
  const [first, second] = [desk.open(), desk.open()];
  await second.session.ready;
  await offline(first, 'one', 'two');
  await expect.poll(desk.kept).toHaveLength(2);
  // Back from a tunnel: it looks around.
  second.cut();
  second.heal();
  await write(second, 'mine')[0]?.stored;
  expect(await desk.said()).toEqual(['mine']);
  expect(shown(second)).toEqual(['mine: sent']);
  first.kill();
  await expect.poll(desk.said).toEqual(['mine', 'one', 'two']);
  await expect.poll(desk.kept).toEqual([]);
});

test('without locks a device sends what it wrote itself, and others what is left lying', async () => {
  const desk = openDesk();
  let time = 1_000_000;
  const bare = { locks: undefined, now: () => time };
  const tab = desk.open({ ...bare, device: 'laptop' });
  await offline(tab, 'one');
  const other = desk.open({ ...bare, device: 'other' });
  await other.session.ready;
  await write(other, 'mine')[0]?.stored;
  expect(await desk.said()).toEqual(['mine']);
  tab.kill();
  const reloaded = desk.open({ ...bare, device: 'laptop' });
  await reloaded.session.ready;
  await expect.poll(desk.said).toEqual(['mine', 'one']);

  await offline(reloaded, 'two');
  await expect.poll(desk.kept).toHaveLength(1);
  reloaded.kill();
  time += 120_000;
  other.cut();
  other.heal();
  await expect.poll(desk.said).toEqual(['mine', 'one', 'two']);
});

test('a steer that comes too late for its run fails as a message of its own', async () => {
  const desk = openDesk();
  const tab = desk.open({
    publish(publish, { name }) {
      if (name === 'steer') throw new ChannelError('forbidden', 'Not now.');
      return publish();
    },
  });
  await tab.session.ready;
  const [asked] = write(tab, 'ask');
  await asked?.stored;
  await expect(asked && tab.session.steer(asked.run, { parts: said('and be brief') })).rejects.toMatchObject({
    code: 'refused',
  });
  expect(shown(tab)).toEqual(['ask: sent', 'and be brief: failed']);
  const failed = tab.session.snapshot.messages[1];
  await (failed && tab.unsent.resend(failed.id).stored);
  expect(await desk.said()).toEqual(['ask', 'and be brief']);
});

test('a store that fails keeps nobody from working, and says so once', async () => {
  const told: string[] = [];
  const full = (): Promise<never> => Promise.reject(new DOMException('No room.', 'QuotaExceededError'));
  const desk = openDesk({ ...createMemoryStore(), load: full, put: full, remove: full });
  const tab = desk.open({ onError: ({ code, message }) => told.push(`${code} ${message}`) });
  const sent = await offline(tab, 'one', 'two');
  tab.heal();
  await Promise.all(sent.map(({ stored }) => stored));
  expect(await desk.said()).toEqual(['one', 'two']);
  expect(told).toEqual([expect.stringMatching(/^unavailable .*No room/)]);
});

test('a session that is closed leaves what waits to the next one', async () => {
  const desk = openDesk();
  const tab = desk.open();
  const [one] = await offline(tab, 'one');
  await expect.poll(desk.kept).toHaveLength(1);
  await tab.session.close();
  await expect(one?.stored).rejects.toMatchObject({ code: 'closed' });
  const next = desk.open();
  await next.session.ready;
  await expect.poll(desk.said).toEqual(['one']);
});
