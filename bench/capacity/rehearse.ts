import { need, type Costs, type Load } from './model.ts';
import { UPKEEP_MS } from './setting.ts';
import { ANSWER, names, SHORT, storeAnswer, storeShort } from './store.ts';
import { pass, type World } from './world.ts';

const STORED = 480;
const VIEWERS = 480;
const PRESENT = 160;
const RUNS = 45;
const APPENDS_PER_SECOND = 20;
const SECONDS = 4;

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly predicted: number;
  readonly measured: number;
}

const NOTHING: Load = {
  sessions: 0,
  messages: 0,
  characters: 0,
  viewers: 0,
  present: 0,
  checkSeconds: UPKEEP_MS / 1000,
  renewalSeconds: UPKEEP_MS / 1000,
  appendsPerSecond: 0,
  gatewaysPerRun: 3,
  framesPerSecond: 0,
  arrivalsPerSecond: 0,
  entriesPerSecond: 0,
};

/** Everything at once, at three times the size, and what the costs say of it. */
export async function rehearse(
  { engine, ports, workers, audience, observe }: World,
  costs: Costs,
): Promise<readonly Row[]> {
  const stored = names('large', STORED);
  const filled = await observe(async () => {
    await storeShort(engine, stored, 'note-000000000000000001');
    await storeAnswer(engine, stored, 'long-000000000000000001');
    await storeShort(engine, stored, 'note-000000000000000002');
    await storeAnswer(engine, stored, 'long-000000000000000002');
  });
  const kept = need(costs, {
    ...NOTHING,
    sessions: STORED,
    messages: STORED * 4,
    characters: STORED * 2 * (SHORT + ANSWER),
  });

  const quiet = stored.slice(0, VIEWERS);
  const share = (of: readonly string[], gateway: number): readonly string[] =>
    of.filter((_, index) => index % ports.length === gateway);
  const opened = await observe(async () => {
    for (const [gateway, port] of ports.entries()) {
      await audience.ask('view', { port, sessions: share(quiet.slice(PRESENT), gateway), present: false });
      await audience.ask('view', { port, sessions: share(quiet.slice(0, PRESENT), gateway), present: true });
    }
  });
  const people = { ...NOTHING, viewers: VIEWERS, present: PRESENT };
  const opening = need(costs, {
    ...people,
    // On average half of them are there.
    checkSeconds: people.checkSeconds * 2,
    renewalSeconds: people.renewalSeconds * 2,
    arrivalsPerSecond: VIEWERS / opened.seconds,
    entriesPerSecond: PRESENT / opened.seconds,
  });

  const runs = names('run', RUNS);
  for (const [gateway, port] of ports.entries())
    await audience.ask('view', {
      port,
      sessions: runs.filter((_, index) => index % ports.length !== gateway),
      present: false,
    });
  await pass(1)();
  const traffic = await observe(async () => {
    const appends = await Promise.all(
      ports.map((port, gateway) =>
        workers.ask('stream', {
          port,
          sessions: share(runs, gateway),
          appendsPerSecond: APPENDS_PER_SECOND,
          seconds: SECONDS,
        }),
      ),
    );
    return appends.reduce((sum, each) => sum + each, 0);
  });
  const watching = VIEWERS + 2 * RUNS;
  const [appends, frames] = [traffic.result / traffic.seconds, traffic.frames / traffic.seconds];
  const busy = need(costs, {
    ...people,
    appendsPerSecond: appends,
    framesPerSecond: frames,
  });

  const cpu = (gateways: readonly { cpuMs: number }[]): number =>
    gateways.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000;
  const live = opened.gateways.reduce((sum, { liveBytes }) => sum + liveBytes, 0);
  return [
    row(
      `Redis memory, ${STORED} sessions of 4 messages, ${VIEWERS} viewers, ${PRESENT} of them present`,
      'MB',
      (kept.redisBytes + opening.redisBytes) / 1e6,
      (filled.redis.bytes + opened.redis.bytes) / 1e6,
    ),
    row(`gateway memory, ${VIEWERS} viewers`, 'MB', opening.gatewayBytes / 1e6, live / 1e6),
    row(
      `gateway CPU, ${VIEWERS} viewers arrive`,
      's',
      opening.gatewayCores * opened.seconds,
      cpu(opened.gateways),
    ),
    row(
      `Redis CPU, ${VIEWERS} viewers arrive`,
      's',
      opening.redisCores * opened.seconds,
      opened.redis.cpuMs / 1000,
    ),
    row(
      `gateway CPU, ${Math.round(appends)} appends/s, ${Math.round(frames)} frames/s, ${watching} viewers`,
      'cores',
      busy.gatewayCores,
      cpu(traffic.gateways) / traffic.seconds,
    ),
    row('Redis CPU, the same', 'cores', busy.redisCores, traffic.redis.cpuMs / 1000 / traffic.seconds),
  ];
}

function row(what: string, unit: string, predicted: number, measured: number): Row {
  return { what, unit, predicted, measured };
}
