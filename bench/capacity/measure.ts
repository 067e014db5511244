import type { Costs } from './model.ts';
import { UPKEEP_MS } from './setting.ts';
import { ANSWER, names, SHORT, storeAnswer, storeShort } from './store.ts';
import { pass, type Observation, type World } from './world.ts';

const SESSIONS = 250;
/** Of each kind, in each session. */
const MESSAGES = 3;
const VIEWERS = 160;
const IDLE_SECONDS = 5;
const RUNS = 15;
const APPENDS_PER_SECOND = 20;
const STREAM_SECONDS = 3;
/** Viewers of each run on the third gateway; the second has one of each. */
const CROWD = 4;

/** Until Redis has made its tables larger, which it does bit by bit. */
const settle = pass(1);

/** Measures each cost by itself, at a small size. */
export async function measure(world: World): Promise<Costs> {
  const stored = await measureStorage(world);
  const streaming = await measureStreaming(world);
  const viewing = await measureViewing(world);
  return {
    redis: {
      memory: { ...stored, followed: viewing.followed, present: viewing.present },
      cpu: { ...streaming.redis, ...viewing.redis },
    },
    gateway: { memory: { viewer: viewing.viewer }, cpu: { ...streaming.gateway, ...viewing.gateway } },
  };
}

async function measureStorage({ engine, observe }: World) {
  const sessions = names('stored', SESSIONS);
  const several = async (store: typeof storeShort, kind: string): Promise<void> => {
    for (let count = 0; count < MESSAGES; count += 1)
      await store(engine, sessions, `${kind}-00000000000000000${count}`);
  };
  // What Redis sets aside once is no session's.
  await storeShort(engine, names('before', SESSIONS), 'note-000000000000000000');
  await settle();
  const first = await observe(() => storeShort(engine, sessions, 'note-000000000000000000'));
  const short = await observe(() => several(storeShort, 'more'));
  const answers = await observe(() => several(storeAnswer, 'long'));
  const per = ({ redis }: Observation<unknown>): number => redis.bytes / SESSIONS / MESSAGES;
  const character = (per(answers) - per(short)) / (ANSWER - SHORT);
  return {
    session: first.redis.bytes / SESSIONS - per(short),
    message: per(short) - SHORT * character,
    character,
  };
}

/** Writers on the first gateway, alone; then with viewers on the second and the third. */
async function measureStreaming({ ports, workers, audience, observe }: World) {
  const [first = 0, second = 0, third = 0] = ports;
  const stream = (kind: string) =>
    workers.ask('stream', {
      port: first,
      sessions: names(kind, RUNS),
      appendsPerSecond: APPENDS_PER_SECOND,
      seconds: STREAM_SECONDS,
    });
  await stream('warm');
  const alone = await observe(() => stream('alone'));

  const watched = names('watched', RUNS);
  const view = (port: number) => audience.ask('view', { port, sessions: watched, present: false });
  await view(second);
  for (let viewer = 0; viewer < CROWD; viewer += 1) await view(third);
  const together = await observe(() => stream('watched'));

  const framesEach = together.frames / (1 + CROWD);
  const [, one, many] = together.gateways.map(({ cpuMs }) => cpuMs);
  const frame = ((many ?? 0) - (one ?? 0)) / ((CROWD - 1) * framesEach);
  const append = alone.redis.cpuMs / alone.result;
  return {
    redis: { append, published: Math.max(0, together.redis.cpuMs / together.result - append) / 2 },
    gateway: {
      append: (alone.gateways[0]?.cpuMs ?? 0) / alone.result,
      heard: Math.max(0, (one ?? 0) - frame * framesEach) / together.result,
      frame,
    },
  };
}

/** Viewers with nothing to see on the first gateway, then as many on the second who are present. */
async function measureViewing({ ports, audience, observe, engine }: World) {
  const [first = 0, second = 0] = ports;
  const quiet = names('quiet', VIEWERS);
  const peopled = names('peopled', VIEWERS);
  await storeShort(engine, [...quiet, ...peopled], 'note-000000000000000001');
  await settle();
  const cycles = (seconds: number): number => (VIEWERS * seconds * 1000) / UPKEEP_MS;

  const arrived = await observe(() => audience.ask('view', { port: first, sessions: quiet, present: false }));
  const idle = await observe(pass(IDLE_SECONDS));
  const entered = await observe(() =>
    audience.ask('view', { port: second, sessions: peopled, present: true }),
  );
  const both = await observe(pass(IDLE_SECONDS));

  const check = {
    redis: idle.redis.cpuMs / cycles(idle.seconds),
    gateway: (idle.gateways[0]?.cpuMs ?? 0) / cycles(idle.seconds),
  };
  const followed = arrived.redis.bytes / VIEWERS;
  return {
    followed,
    present: entered.redis.bytes / VIEWERS - followed,
    viewer: (arrived.gateways[0]?.liveBytes ?? 0) / VIEWERS,
    redis: {
      check: check.redis,
      renewal: both.redis.cpuMs / cycles(both.seconds) - 2 * check.redis,
      arrival: arrived.redis.cpuMs / VIEWERS,
      entry: Math.max(0, entered.redis.cpuMs - arrived.redis.cpuMs) / VIEWERS,
    },
    gateway: {
      check: check.gateway,
      renewal: (both.gateways[1]?.cpuMs ?? 0) / cycles(both.seconds) - check.gateway,
      arrival: (arrived.gateways[0]?.cpuMs ?? 0) / VIEWERS,
      entry: Math.max(0, (entered.gateways[1]?.cpuMs ?? 0) - (arrived.gateways[0]?.cpuMs ?? 0)) / VIEWERS,
    },
  };
}
