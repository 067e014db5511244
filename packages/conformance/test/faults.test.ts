import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import type { Channels, Delivery, Operation, Serial } from '@holdfast/channel';
import { expect, it, vi } from 'vitest';
import { withFaults } from '../src/faults.ts';
import type { FaultOptions } from '../src/faults.ts';

/** Channels with faults and honest ones on one log. */
function openBoth(faults: Omit<FaultOptions, 'seed'> & { readonly seed?: number }) {
  const engine = createMemoryEngine();
  const behind = createMemoryChannels({ engine, clientId: 'ada' });
  const channels = withFaults(behind, { seed: 1, ...faults });
  const honest = createMemoryChannels({ engine, clientId: 'ada' });
  return { behind, channels, faulty: channels.channel('c'), honest: honest.channel('c') };
}

function draft(id: string, data = ''): Operation {
  return { action: 'create', draft: { id, name: 'note', data } };
}

async function listen(channel: ReturnType<Channels['channel']>) {
  const deliveries: Delivery[] = [];
  await channel.subscribe((delivery) => void deliveries.push(delivery));
  return deliveries;
}

function append(serial: Serial, offset: number): Operation {
  return { action: 'append', serial, data: 'x', offset };
}

it('delay holds calls and deliveries for some turns, and keeps their order', async () => {
  let turns = 0;
  const turn = async () => void (turns += 1);
  const { faulty } = openBoth({ delay: 1, turn });
  const deliveries = await listen(faulty);
  await Promise.all(['a', 'b', 'c'].map((id) => faulty.publish(draft(id))));
  await vi.waitFor(() => expect(deliveries).toHaveLength(3));
  expect(deliveries.map((each) => each.kind === 'message' && each.message.id)).toEqual(['a', 'b', 'c']);
  expect(turns).toBeGreaterThan(8);
});

it('duplicate delivers again, and sends twice what may be sent twice', async () => {
  const { behind, faulty, honest } = openBoth({ duplicate: 1 });
  const publish = vi.spyOn(behind.channel('c'), 'publish');
  const deliveries = await listen(faulty);
  const [created] = await faulty.publish(draft('m'));
  const serial = created?.serial ?? ('' as Serial);
  await faulty.publish(append(serial, 0));
  await faulty.publish({ action: 'update', serial, draft: { data: 'new' } });
  await vi.waitFor(() => expect(deliveries).toHaveLength(6));
  expect(publish).toHaveBeenCalledTimes(5);
  expect((await honest.history()).messages).toMatchObject([{ data: 'new' }]);
});

it('conflate delivers the whole message in place of its appends', async () => {
  const { faulty, honest } = openBoth({ conflate: 1 });
  const deliveries = await listen(faulty);
  const [created] = await honest.publish(draft('m'));
  const serial = created?.serial ?? ('' as Serial);
  await vi.waitFor(() => expect(deliveries).toHaveLength(1));
  await Promise.all([0, 1, 2].map((offset) => honest.publish(append(serial, offset))));
  await vi.waitFor(() => expect(deliveries).toHaveLength(2));
  expect(deliveries[1]).toMatchObject({ kind: 'message', message: { data: 'xxx' } });
});

it('drop leaves a gap in place of what was dropped', async () => {
  const { faulty, honest } = openBoth({ drop: 1 });
  const deliveries = await listen(faulty);
  await honest.publish(draft('m'));
  await vi.waitFor(() => expect(deliveries).toHaveLength(1));
  expect(deliveries).toMatchObject([{ kind: 'gap' }]);
  const [gap] = deliveries;
  const until = gap?.kind === 'gap' ? gap.position : undefined;
  expect((await honest.history(until && { until })).messages).toMatchObject([{ id: 'm' }]);
});

it('cut goes on from where it broke', async () => {
  const { behind, faulty, honest } = openBoth({ cut: 1 });
  const subscribe = vi.spyOn(behind.channel('c'), 'subscribe');
  const deliveries = await listen(faulty);
  await honest.publish([draft('a'), draft('b')]);
  await vi.waitFor(() => expect(deliveries).toHaveLength(2));
  expect(deliveries).toMatchObject([{ message: { id: 'a' } }, { message: { id: 'b' } }]);
  expect(subscribe.mock.calls.length).toBeGreaterThan(1);
});

it('lose stores and says that the outcome is unknown', async () => {
  const { faulty, honest } = openBoth({ lose: 1 });
  await expect(faulty.publish(draft('m'))).rejects.toMatchObject({ code: 'unknown_outcome' });
  const { messages } = await honest.history();
  expect(messages).toMatchObject([{ id: 'm' }]);
  // An update that is tried again later might undo what came between.
  const serial = messages[0]?.serial ?? ('' as Serial);
  await expect(faulty.publish({ action: 'update', serial, draft: { data: 1 } })).resolves.toHaveLength(1);
});

it('while cut by hand it is unavailable and silent, and afterwards it goes on', async () => {
  const { channels, faulty, honest } = openBoth({});
  const deliveries = await listen(faulty);
  const states: string[] = [];
  channels.connection.subscribe(({ status }) => void states.push(status));
  const heal = channels.cut();
  await honest.publish(draft('m'));
  await expect(faulty.publish(draft('n'))).rejects.toMatchObject({ code: 'unavailable' });
  await expect(faulty.history()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(faulty.subscribe(() => {})).rejects.toMatchObject({ code: 'unavailable' });
  await expect(faulty.presence.subscribe(() => {})).rejects.toMatchObject({ code: 'unavailable' });
  expect(deliveries).toEqual([]);
  heal();
  await vi.waitFor(() => expect(deliveries).toMatchObject([{ message: { id: 'm' } }]));
  expect((await faulty.history()).messages).toHaveLength(1);
  expect(states).toEqual(['disconnected', 'connected']);
});

it('an answer that was under way when it was cut is lost, and what was asked for is done', async () => {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  // Nothing waits before it is stored, and the receipt does afterwards.
  const turn = async () => {
    if ((await both.honest.history()).messages.length > 0) await gate;
  };
  const both = openBoth({ delay: 1, turn });
  const outcome = both.faulty.publish(draft('m')).then(
    () => 'stored',
    (error: unknown) => error,
  );
  await vi.waitFor(async () => expect((await both.honest.history()).messages).toHaveLength(1));
  const heal = both.channels.cut();
  open();
  expect(await outcome).toMatchObject({ code: 'unknown_outcome' });
  heal();
});

it('what is closed while it is cut is closed for good', async () => {
  const { channels, faulty } = openBoth({});
  const subscription = await faulty.subscribe(() => {});
  const presence = await faulty.presence.subscribe(() => {});
  const heal = channels.cut();
  await channels.close();
  heal();
  expect(await subscription.closed).toBeUndefined();
  expect(await presence.closed).toBeUndefined();
  expect(channels.connection.state.status).toBe('closed');
  await expect(faulty.history()).rejects.toMatchObject({ code: 'closed' });
});

it('one seed makes one choice, another one another', async () => {
  const run = async (seed: number): Promise<string> => {
    const { faulty } = openBoth({ seed, duplicate: 0.5, conflate: 0.5, turn: async () => {} });
    const deliveries = await listen(faulty);
    for (let index = 0; index < 12; index += 1) await faulty.publish(draft(`m-${index}`));
    await vi.waitFor(() =>
      expect(deliveries.some((each) => each.kind === 'message' && each.message.id === 'm-11')).toBe(true),
    );
    return deliveries.map((each) => (each.kind === 'message' ? each.message.id : each.kind)).join(' ');
  };
  expect(await run(7)).toBe(await run(7));
  expect(await run(8)).not.toBe(await run(7));
});
