import type { RunId } from '@holdfast/core';
import { openClient, type Client } from '../../chat/check/client.ts';
import { openGatewayChannels, type GatewayChannelsOptions } from '../../chat/check/device-channels.ts';
import type { Referee } from '../../chat/check/referee.ts';
import { QUESTION, SESSION } from '../../chat/check/stage.ts';
import { until } from '../../chat/check/until.ts';
import type { Cluster } from '../src/cluster.ts';
import type { Place } from '../src/place.ts';
import type { Health } from '../src/watch-health.ts';
import { countConnections } from './connections.ts';
import { timeSilence } from './silence.ts';

const SOCKETS = 6;
/** How many characters more each device must show before the next thing breaks. */
const STRIDE = 400;

export interface Battle {
  readonly referee: Referee;
  readonly cluster: Cluster;
  /** The balancer's origin. */
  readonly door: string;
  readonly health: Health;
  /** What is to be closed after it, the last first. */
  readonly cleanup: (() => Promise<void> | void)[];
}

/**
 * Devices follow answers through the balancer. In mid-stream a gateway is killed, then the worker that answers, then each
 * gateway is restarted in turn. If the answer ends before all that has happened, the next one is asked for.
 */
export async function fire({ referee, cluster, door, health, cleanup }: Battle): Promise<void> {
  const { say } = referee;
  const open = async (
    name: string,
    transport: GatewayChannelsOptions['transport'] = 'websocket',
  ): Promise<Client> => {
    const device = openGatewayChannels({ gateway: door, session: SESSION, transport });
    const client = await openClient(name, SESSION, device);
    cleanup.push(() => client.close());
    return client;
  };
  const first = await open('device 1');
  const devices = [first];
  while (devices.length < SOCKETS) devices.push(await open(`device ${devices.length + 1}`));
  devices.push(await open('device without WebSockets', 'http'));
  say(`3 gateways over one Redis, 2 workers, ${devices.length} devices through ${door}`);
  say(`connections by gateway: ${await countConnections(cluster)}`);

  const silence = timeSilence();
  const ask = async (): Promise<RunId> => {
    const message = { parts: [{ type: 'text', text: QUESTION, state: 'done' } as const] };
    const { run, stored } = first.session.send(message);
    await stored;
    for (const device of devices) {
      referee.watch(device, run);
      silence.watch(device, run);
    }
    return run;
  };
  let run = await ask();
  const isStreaming = (): boolean => first.session.run(run)?.status === 'active';
  const writer = (): string => first.session.run(run)?.agent?.clientId ?? '';
  /** Waits until every device shows more of an answer that goes on after that. */
  const goesOn = async (): Promise<void> => {
    const of = run;
    const wanted = new Map(devices.map((device) => [device, device.text(of).length + STRIDE]));
    const hasGrown = (): boolean =>
      devices.every((device) => device.text(of).length >= (wanted.get(device) ?? 0));
    await until(() => run !== of || hasGrown(), 'the answer to go on on every device');
    if (run !== of || !isStreaming()) await goesOn();
  };
  const start = async (gateway: Place): Promise<void> => {
    await gateway.start();
    await until(() => health.healthy.size === cluster.gateways.length, `${gateway.name} to be well again`);
  };

  const breakThings = async (): Promise<void> => {
    await goesOn();
    const [gateway] = cluster.gateways;
    if (gateway === undefined) throw new Error('there is no gateway');
    await gateway.kill('SIGKILL');
    say(`${gateway.name} killed with SIGKILL at ${referee.share(first, run)}`);
    await goesOn();
    await start(gateway);
    say(`every device went on; longest silence ${silence.longest()} ms`);

    await goesOn();
    const name = writer();
    const worker = cluster.workers.find((each) => each.name === name);
    await worker?.kill('SIGKILL');
    say(`${name}, which was answering, killed with SIGKILL at ${referee.share(first, run)}`);
    await until(() => writer() !== name, 'another worker to take over');
    await goesOn();
    say(`${writer()} went on; longest silence ${silence.longest()} ms`);
    await worker?.start();

    await goesOn();
    say(`rolling restart from ${referee.share(first, run)}`);
    for (const each of cluster.gateways) {
      const code = await each.kill('SIGTERM');
      if (code !== 0) referee.differs(`${each.name} ended with ${code} on SIGTERM`);
      await start(each);
      say(`${each.name} drained and is back, at ${referee.share(first, run)}`);
      await goesOn();
    }
    say(`every device went on; longest silence ${silence.longest()} ms`);
  };
  let isOver = false;
  const broken = breakThings().finally(() => (isOver = true));
  // Seen where it is waited for.
  broken.catch(() => {});

  for (;;) {
    await referee.ended(devices, run, 'complete');
    for (const device of devices) referee.same(device, run, referee.expected);
    if (isOver) break;
    run = await ask();
  }
  await broken;
  say(`connections by gateway: ${await countConnections(cluster)}`);
  const late = await open('latecomer');
  await referee.ended([late], run, 'complete');
  referee.same(late, run, referee.expected);
  say(
    `${referee.expected.length} characters on each of ${devices.length} devices, and on one that came late`,
  );
}
