import type { RunId } from '@holdfast/core';
import { setTimeout as wait } from 'node:timers/promises';
import { tokens } from '../src/model/offline-model.ts';
import type { Client } from './client.ts';
import { QUESTION, TOKENS_PER_SECOND, type Stage } from './stage.ts';
import { until } from './until.ts';

const CUTS = 10;

/**
 * A session under fire, without a browser: a server, an agent in a process of its own, devices whose sockets keep dying, a
 * server that is killed in mid-stream. Every transcript must equal what the model said.
 */
export async function session(stage: Stage): Promise<void> {
  const { expected, say } = stage;
  let server = await stage.server();
  say(stage.label);
  const agent = await stage.agent();
  say(`agent is process ${agent.child.pid}`);
  const laptop = await stage.open('laptop');
  const phone = await stage.open('phone');
  const clients = [laptop, phone];

  const first = laptop.session.send({ parts: [{ type: 'text', text: QUESTION, state: 'done' }] });
  await first.stored;
  say(`laptop asked; the answer has ${tokens(expected).length} tokens, ${expected.length} characters`);
  for (const client of clients) stage.watch(client, first.run);

  const seconds = tokens(expected).length / TOKENS_PER_SECOND;
  const storms = clients.map((client) =>
    cut(stage, client, first.run, { seconds: seconds * 0.7, times: CUTS }),
  );
  await until(() => phone.text(first.run).length > expected.length * 0.3, 'a third of the answer');
  await server.kill('SIGKILL');
  say(`server killed with SIGKILL at ${stage.share(phone, first.run)}`);
  server = await stage.server();
  say(`server restarted`);

  await until(() => phone.text(first.run).length > expected.length * 0.4, 'more of the answer');
  const tablet = await stage.open('tablet');
  clients.push(tablet);
  await until(() => tablet.text(first.run) !== '', 'the tablet to show the answer');
  say(`tablet joined in mid-stream and shows ${stage.share(tablet, first.run)}`);
  stage.watch(tablet, first.run);
  // Where the server took long to come back there is less left of the answer, and less to be cut in.
  const left = 1 - tablet.text(first.run).length / expected.length;
  const times = Math.max(1, Math.min(CUTS, Math.floor((CUTS * left) / 0.55)));
  storms.push(cut(stage, tablet, first.run, { seconds: seconds * left * 0.6, times }));

  await stage.ended(clients, first.run, 'complete');
  await Promise.all(storms);
  for (const client of clients) {
    stage.same(client, first.run, expected);
    say(`${client.name}: ${client.text(first.run).length} characters, socket cut ${client.cuts} times`);
  }

  const second = laptop.session.send({ parts: [{ type: 'text', text: QUESTION, state: 'done' }] });
  await second.stored;
  await until(() => phone.text(second.run).length > 400, 'the second answer to begin');
  await phone.session.cancel(second.run);
  say(`phone cancelled the run that the laptop started`);
  await stage.ended(clients, second.run, 'cancelled');
  const kept = laptop.text(second.run);
  if (kept.length >= expected.length || !expected.startsWith(kept))
    stage.differs(`the cancelled answer is no beginning of the model's text: ${kept.length} characters`);
  for (const client of clients) stage.same(client, second.run, kept);
  say(`cancelled on all devices at ${kept.length} characters, the same on each`);
}

/**
 * Cuts a device's socket so many `times` at random moments while the answer streams: each time when it is back and shows more
 * than before, some time later. The moments are drawn from what is left of the `seconds`, so that a slow machine, where
 * coming back takes longer, is cut as often.
 */
async function cut(
  stage: Stage,
  client: Client,
  run: RunId,
  { seconds, times }: { readonly seconds: number; readonly times: number },
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  const isStreaming = () => client.session.run(run)?.status !== 'complete';
  while (client.cuts < times) {
    const shown = client.text(run).length;
    await until(() => client.text(run).length > shown || !isStreaming(), `${client.name} to go on`);
    const share = Math.max(0, end - performance.now()) / (times - client.cuts);
    await wait(share * Math.random());
    if (!isStreaming())
      return stage.differs(`${client.name} was cut only ${client.cuts} times while the answer streamed`);
    client.cut();
  }
}
