// How long a page waits for a session of 2,000 turns that its channel has forgotten, on each kind of channels: its history comes
// from a SQLite archive over HTTP. `npx tsx bench/archive/first-screen.ts [turns]`
import { performance } from 'node:perf_hooks';
import { createArchiver, withArchive } from '@holdfast/archive';
import { archiveRoute, createHttpArchive } from '@holdfast/archive/http';
import { createSqliteArchive } from '@holdfast/archive/sqlite';
import { openSession } from '@holdfast/core';
import Libsql from 'libsql';
import { writeLongTalk } from '../../packages/archive/test/long-talk.ts';
import { serveRoute } from '../../packages/archive/test/serve-route.ts';
import { BACKENDS } from '../../testing/test/scenarios/backends/backends.ts';

const TURNS = Number(process.argv[2] ?? 2000);
const TIMES = 5;
const NAME = 'long';

/** Milliseconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

for (const [label, open] of Object.entries(BACKENDS)) {
  const backend = await open();
  const archive = createSqliteArchive(new Libsql(':memory:'));
  const people = await backend.connect({ clientId: 'ada' });
  const agents = await backend.connect({ clientId: 'bot', role: 'agent' });
  await writeLongTalk(NAME, { people, agents, turns: TURNS });
  const archiver = createArchiver({ channels: people, archive });
  const saving = await timed(() => archiver.attend(NAME));
  await archiver.close();
  await backend.expire(NAME, 0);
  const { url, close } = await serveRoute(archiveRoute({ archive, session: () => NAME }));
  const channels = withArchive(people, createHttpArchive({ url: () => url }));

  const screens: number[] = [];
  for (let n = 0; n < TIMES; n += 1) {
    const session = openSession({ channels, name: NAME });
    screens.push(await timed(() => session.ready));
    if (n === TIMES - 1) {
      const shown = session.snapshot.messages.length;
      const rest = await timed(async () => {
        while (await session.loadOlder());
      });
      const middle = screens.toSorted((a, b) => a - b)[TIMES >> 1] ?? 0;
      console.log(
        `${label}: ${TURNS} turns saved in ${saving.toFixed(0)} ms; opened: ${shown} messages shown after ${middle.toFixed(1)} ms ` +
          `(median of ${TIMES}); all ${session.snapshot.runs.length} runs after ${rest.toFixed(0)} ms more`,
      );
    }
    await session.close();
  }
  close();
  await Promise.all([people.close(), agents.close()]);
  await backend.close();
}
