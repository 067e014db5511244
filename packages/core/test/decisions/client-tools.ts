import type { JsonValue } from '@holdfast/channel';
import { handleTools } from '@holdfast/core';
import type { ClientToolContext, RunId, Session } from '@holdfast/core';
import { describe, expect, test } from 'vitest';
import { soon } from './races.ts';
import { callOf, openStage, type Backend, type Stage } from './stage.ts';

/** One tab that can locate its user; the test says when it has done so. */
interface Tab {
  readonly session: Session;
  readonly device: string;
  /** Calls that were begun here. */
  readonly begun: ClientToolContext[];
  finish(output: JsonValue): void;
  /** The page is gone, as it would be when its process is killed. */
  kill(): Promise<void>;
}

async function openTab(stage: Stage, device: string, clientId = 'ada'): Promise<Tab> {
  const channels = stage.connect(clientId);
  const session = await stage.person(clientId, { device, channels });
  const begun: ClientToolContext[] = [];
  let finish = (_output: JsonValue): void => {};
  handleTools(session, {
    locate(_input, context) {
      begun.push(context);
      return new Promise((resolve) => (finish = resolve));
    },
  });
  await soon(() => expect(devicesOf(session)).toContain(device));
  return {
    session,
    device,
    begun,
    finish: (output) => finish(output),
    async kill() {
      await channels.close();
    },
  };
}

function devicesOf({ snapshot: { participants } }: Session): readonly unknown[] {
  return participants.map(({ data }) =>
    data !== null && typeof data === 'object' && 'device' in data ? data['device'] : null,
  );
}

/** What becomes of a client's tool (P18), whatever the channel. */
export function describeClientTools(name: string, open: () => Promise<Backend> | Backend): void {
  describe.each([
    ['that the process waits for', 20_000],
    ['for which the run rests', 0],
  ])(`client tools over ${name}, %s`, (_, holdMs) => {
    const start = async () => {
      const stage = await openStage(open);
      const found: JsonValue[] = [];
      await stage.agent(
        async (run) => {
          found.push(await run.requestTool('locate', {}));
        },
        { holdMs, clientTools: { awayMs: 100 } },
      );
      const tabs = [await openTab(stage, 'one'), await openTab(stage, 'two'), await openTab(stage, 'three')];
      const [one] = tabs;
      if (one === undefined) throw new Error('there are three');
      const run = stage.ask(one.session);
      await soon(() => expect(one.begun).toHaveLength(1));
      if (holdMs === 0) await soon(() => expect(one.session.run(run)?.status).toBe('suspended'));
      return { stage, found, tabs, one, run };
    };
    const over = (session: Session, run: RunId) =>
      soon(() => expect(session.run(run)?.status).toBe('complete'));
    const counts = (tabs: readonly Tab[]) => tabs.map(({ begun }) => begun.length);

    test('P18 of three tabs the one that asked runs it, once; who comes later, and who reloads, runs nothing', async () => {
      const { stage, found, tabs, one, run } = await start();
      one.finish({ city: 'Lisbon' });
      await over(one.session, run);
      const late = await openTab(stage, 'late');
      await one.kill();
      const reloaded = await openTab(stage, 'one');
      await soon(() => expect(callOf(reloaded.session, run, 'locate-1')?.state).toBe('result'));
      expect(counts([...tabs, late, reloaded])).toEqual([1, 0, 0, 0, 0]);
      expect(found).toEqual([{ city: 'Lisbon' }]);
    });

    test('P18 a tab that is killed while it runs it: another one of the same person runs it, once more', async () => {
      const { stage, found, tabs, one, run } = await start();
      const other = await openTab(stage, 'elsewhere', 'eve');
      await one.kill();
      const rest = tabs.slice(1);
      await soon(() => expect(counts(rest).toSorted((a, b) => a - b)).toEqual([0, 1]));
      const heir = rest.find(({ begun }) => begun.length > 0) ?? one;
      expect(heir.begun[0]?.idempotencyKey).toBe(`${run}:locate-1`);
      heir.finish({ city: 'Porto' });
      await over(heir.session, run);
      expect(found).toEqual([{ city: 'Porto' }]);
      expect(counts([...tabs, other]).reduce((sum, count) => sum + count)).toBe(2);
      expect(callOf(heir.session, run, 'locate-1')).toMatchObject({
        state: 'result',
        output: { city: 'Porto' },
      });
    });

    test('P18 P6 only the device that was given the call answers it, and only its own person', async () => {
      const { stage, found, tabs, one, run } = await start();
      const [, two] = tabs;
      const call = { run, callId: 'locate-1' };
      const forged = { type: 'output', output: { city: 'Nowhere' } } as const;
      await two?.session.answer(call, forged);
      // A device is no authority: its id is in the log for everybody to read.
      const eve = await stage.person('eve', { device: 'one' });
      await eve.answer(call, forged);
      await soon(() =>
        expect(callOf(eve, run, 'locate-1')?.decisions).toMatchObject([
          { clientId: 'ada', refused: 'elsewhere' },
          { clientId: 'eve', refused: 'elsewhere' },
        ]),
      );
      one.finish({ city: 'Lisbon' });
      await over(eve, run);
      expect(found).toEqual([{ city: 'Lisbon' }]);
      expect(counts(tabs)).toEqual([1, 0, 0]);
    });
  });
}
