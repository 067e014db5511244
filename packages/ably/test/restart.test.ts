import { CHANNEL_LAWS, runLaw } from '@holdfast/conformance/channel';
import { serveAbly } from '@holdfast/ably-emulator';
import { openSqliteEngine } from '@holdfast/server/sqlite';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Realtime } from 'ably';
import { expect, it } from 'vitest';
import { createAblyChannels } from '../src/index.ts';
import { openClient } from './ably-backend.ts';

it('I7.restart holds over an emulator that keeps its messages in SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-ably-'));
  const law = CHANNEL_LAWS.find(({ id }) => id === 'I7.restart');
  if (law === undefined) throw new TypeError('no law I7.restart');
  const result = await runLaw(law, {
    open: async () => {
      const path = join(folder, 'messages.db');
      let engine = openSqliteEngine({ path });
      let emulator = await serveAbly({ engine });
      const clients: Realtime[] = [];
      const close = async (): Promise<void> => {
        await emulator.close();
        await engine.close();
      };
      return {
        async connect(clientId, claims) {
          const client = await openClient(emulator, {}, clientId, claims);
          clients.push(client);
          return createAblyChannels({ client, messagesPerSecond: Infinity });
        },
        async restart() {
          await close();
          engine = openSqliteEngine({ path });
          emulator = await serveAbly({ engine, port: emulator.port });
        },
        async close() {
          for (const client of clients) client.close();
          await close();
        },
      };
    },
  });
  await rm(folder, { recursive: true });
  expect(result).toMatchObject({ status: 'held' });
});
