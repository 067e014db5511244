import type { TailEvent } from '@holdfast/channel/engine';
import { append, ada, create, receiptOf } from '@holdfast/testing/acts';
import { startRedis } from '@holdfast/testing/redis-server';
import { openTcpProxy } from '@holdfast/testing/tcp-proxy';
import { expect, it, onTestFinished } from 'vitest';
import { createRedisEngine } from '../src/index.ts';
import { connect, LIBRARIES } from './clients.ts';

const TIMEOUT_MS = 400;

for (const library of Object.keys(LIBRARIES))
  it(`I3 I5 ${library}: connections that are dead without a word are given up, however much is written to them`, async () => {
    const server = await startRedis({ appendonly: 'no' });
    const network = await openTcpProxy(server.port);
    // Its own patience is endless.
    const { client, close } = await connect(library, `redis://127.0.0.1:${network.port}`);
    const engine = createRedisEngine({ client, timeoutMs: TIMEOUT_MS, headCheckMs: 100 });
    onTestFinished(async () => {
      await engine.close();
      close();
      await network.close();
      await server.close();
    });
    const heard: TailEvent[] = [];
    let wake = (): void => {};
    await engine.tail('c', (event) => {
      heard.push(event);
      wake();
    });
    const { serial } = await create(engine, 'c', 'one', 'a');
    while (heard.length < 1) await new Promise<void>((resolve) => (wake = resolve));

    network.freeze();
    let length = 1;
    const write = async (): Promise<boolean> => {
      const [result] = await Promise.allSettled([engine.commit('c', ada, [append(serial, length, 'b')])]);
      if (result.status === 'fulfilled') {
        receiptOf(result.value);
        length += 1;
        return true;
      }
      expect(result.reason).toMatchObject({ retryable: true });
      return false;
    };
    while (!(await write()));
    // What was missed meanwhile was told as lost, and this is heard.
    while (!heard.some((event) => event.kind === 'append')) {
      await write();
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 50);
      });
    }
    expect(heard.some(({ kind }) => kind === 'lost')).toBe(true);
    expect(await engine.message('c', serial)).toMatchObject({ data: `a${'b'.repeat(length - 1)}` });
  });
