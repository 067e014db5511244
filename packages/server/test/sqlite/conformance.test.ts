import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Channels } from '@holdfast/channel';
import { createEngineChannels, decodePosition, encodePosition, type Engine } from '@holdfast/channel/engine';
import { describeChannel, type ChannelBackend } from '@holdfast/conformance/channel';
import { withFaults, type FaultyChannels } from '@holdfast/conformance/faults';
import { openDatabase } from '../../src/sqlite/database.ts';
import { checkSchema } from '../../src/sqlite/schema.ts';
import { createSqliteEngine, type EngineOptions } from '../../src/sqlite/sqlite-engine.ts';
import { create } from '@holdfast/testing/acts';

const KiB = 1024;
const CATCH_UP_BYTES = 2048 * KiB;

/** The engine's channels, with all that can happen to a file and to connections within one process. */
function openBackend(options: EngineOptions): ChannelBackend {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-'));
  let path = join(folder, 'first.db');
  const open = (): Engine =>
    createSqliteEngine(openDatabase(path, checkSchema), {
      maxMessageBytes: 64 * KiB,
      catchUpBytes: CATCH_UP_BYTES,
      ...options,
    });
  let engine = open();
  let lives = 0;
  const connections = new Map<Channels, FaultyChannels>();
  return {
    async connect(clientId, claims) {
      const author = { ...(clientId !== undefined && { clientId }), ...(claims !== undefined && { claims }) };
      const channels = withFaults(createEngineChannels(engine, author), { seed: connections.size + 1 });
      connections.set(channels, channels);
      return channels;
    },
    async cut(channels) {
      const heal = connections.get(channels)?.cut();
      return async () => heal?.();
    },
    async restart() {
      // What a killed process leaves: the file and its log, as they are now.
      lives += 1;
      const next = join(folder, `life ${lives}.db`);
      copyFileSync(path, next);
      if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${next}-wal`);
      await engine.close();
      path = next;
      engine = open();
    },
    async tooOld(channel, position) {
      for (let size = 0; size <= CATCH_UP_BYTES; size += 60 * KiB)
        await create(engine, channel, `filler ${size}`, 'x'.repeat(60 * KiB));
      return position;
    },
    async ahead(_, position) {
      const { epoch = '', tick = 0 } = decodePosition(position) ?? {};
      return encodePosition(epoch, tick + 1e9);
    },
    async otherEpoch(_, position) {
      return encodePosition('another', decodePosition(position)?.tick ?? 0);
    },
    async close() {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describeChannel({ name: 'sqlite', open: async () => openBackend({}) });
describeChannel({
  name: 'sqlite, normal, next to nothing in memory',
  scale: 0.5,
  open: async () => openBackend({ synchronous: 'normal', hotBytes: 3000 }),
});
