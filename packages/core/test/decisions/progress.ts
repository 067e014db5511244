import type { JsonValue } from '@holdfast/channel';
import { handleTools } from '@holdfast/core';
import { openProgress, type Progress } from '@holdfast/core/progress';
import { describe, expect, onTestFinished, test } from 'vitest';
import { soon } from './races.ts';
import { openStage, type Backend } from './stage.ts';

/** How far clients' tools are (P18), whatever the channel. */
export function describeProgress(name: string, open: () => Promise<Backend> | Backend): void {
  describe(`progress of clients’ tools over ${name}`, () => {
    test('P18 shows on every device as it comes, until there is a result; what others say of it shows nowhere', async () => {
      const stage = await openStage(open);
      const found: JsonValue[] = [];
      await stage.agent(async (run) => void found.push(await run.requestTool('upload', {})), { holdMs: 0 });
      const join = async (clientId: string, device: string) => {
        const channels = stage.connect(clientId);
        const session = await stage.person(clientId, { channels, device });
        const progress = openProgress(session, { channels });
        onTestFinished(() => progress.close());
        return { session, progress, channel: channels.channel(stage.name) };
      };
      const [laptop, phone, mallory] = [
        await join('ada', 'laptop'),
        await join('ada', 'phone'),
        await join('mallory', 'malice'),
      ];
      let report: Progress['report'] = () => {};
      let finish = (_output: JsonValue): void => {};
      const begun = new Promise<string>((resolve) => {
        handleTools(laptop.session, {
          upload(_input, context) {
            report = (_call, output) => laptop.progress.report(context, output);
            resolve(context.callId);
            return new Promise((done) => (finish = done));
          },
        });
      });
      const run = stage.ask(laptop.session);
      const call = { run, callId: await begun };
      const heard: unknown[] = [];
      phone.progress.subscribe(() => heard.push(phone.progress.of(call)));
      const shown = () => [laptop, phone, mallory].map(({ progress }) => progress.of(call));
      report(call, { percent: 10 });
      await soon(() => expect(shown()).toEqual(Array.from({ length: 3 }, () => ({ percent: 10 }))));

      // Mallory has the right to send signals, and the laptop's id: the channel stamps that it is hers.
      const lie = { ...call, output: { percent: 99 } };
      for (const device of ['laptop', 'malice'])
        await mallory.channel.signal({ id: device, name: 'progress', data: { ...lie, device } });
      phone.progress.report(call, { percent: 98 });
      // The last of many that come at once.
      for (let percent = 11; percent <= 60; percent += 1) report(call, { percent });
      await soon(() => expect(shown()).toEqual(Array.from({ length: 3 }, () => ({ percent: 60 }))));

      finish('done');
      await soon(() => expect(laptop.session.run(run)?.status).toBe('complete'));
      await soon(() => expect(shown()).toEqual([undefined, undefined, undefined]));
      expect(heard).not.toContainEqual({ percent: 98 });
      expect(heard).not.toContainEqual({ percent: 99 });
      expect(found).toEqual(['done']);
    });
  });
}
