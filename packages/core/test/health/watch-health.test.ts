import { watchHealth, type HealthOptions, type HealthWatch, type RunId, type Session } from '@holdfast/core';
import { expect, onTestFinished, test } from 'vitest';
import { createScene, createTap, ended, until } from '../scene.ts';
import { muted } from '../muted.ts';
import { said } from '../text-codec.ts';

// Leases here are short, so that nobody waits long; what is asserted is what was seen, never how soon.
const LEASE = { leaseMs: 150 };

function watch(session: Session, options: HealthOptions = {}): HealthWatch {
  const health = watchHealth(session, { ...LEASE, ...options });
  onTestFinished(() => health.close());
  return health;
}

function seen(health: HealthWatch, run: RunId, what: object): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      const now = health.of(run);
      if (now === undefined || !Object.entries(what).every(([key, value]) => Reflect.get(now, key) === value))
        return;
      stop();
      resolve();
    };
    const stop = health.subscribe(look);
    look();
  });
}

/** A run whose agent says nothing more after the claim; `freeze` silences its beats too, as a hung process does. */
async function hang() {
  const scene = createScene();
  const tap = createTap();
  const laptop = await scene.device();
  let isFrozen = false;
  const agent = await scene.agent((run) => run.pipe(tap.chunks), {
    ...LEASE,
    channels: muted(scene.connect('bot', 'agent'), () => isFrozen),
  });
  const { run } = laptop.send({ parts: said('hello') });
  await until(laptop, () => laptop.run(run)?.status === 'active');
  return { scene, tap, laptop, run, agent, freeze: () => void (isFrozen = true) };
}

test('P16 an agent that beats is at work, and what it does shows', async () => {
  const scene = createScene();
  const tap = createTap();
  const laptop = await scene.device();
  await scene.agent(async (run) => {
    run.state({ doing: 'calling', tool: 'weather' });
    await run.pipe(tap.chunks);
  }, LEASE);
  const health = watch(laptop);
  const { run } = laptop.send({ parts: said('hello') });
  await until(laptop, () => laptop.run(run)?.status === 'active');
  await seen(health, run, { health: 'working' });
  await new Promise<void>((resolve) => {
    const stop = health.subscribe(() => {
      if (health.of(run)?.state.doing !== 'calling') return;
      stop();
      resolve();
    });
    if (health.of(run)?.state.doing === 'calling') resolve();
  });
  expect(health.of(run)).toEqual({ health: 'working', state: { doing: 'calling', tool: 'weather' } });
  expect(health.of(run)).toBe(health.of(run));
  tap.say('sunny');
  tap.end();
  await ended(laptop, run);
  expect(health.of(run)).toBeUndefined();
});

test('P16 a hung agent is lost by its silence, although it is still present', async () => {
  const { laptop, run, freeze } = await hang();
  const health = watch(laptop);
  freeze();
  await seen(health, run, { health: 'lost', reason: 'silent' });
  expect(laptop.snapshot.participants.some(({ role }) => role === 'agent')).toBe(true);
});

test('P16 an agent that leaves is lost at once', async () => {
  const { laptop, run, agent, freeze } = await hang();
  const health = watch(laptop, { leaseMs: 60_000 });
  await until(laptop, () => laptop.snapshot.participants.some(({ role }) => role === 'agent'));
  freeze();
  await agent.close({ drainMs: 0 });
  await seen(health, run, { health: 'lost', reason: 'left' });
});

test('P16 beats without progress are a stall; one who waits for a person is none', async () => {
  const scene = createScene();
  const tap = createTap();
  const laptop = await scene.device();
  let wait = (): void => {};
  await scene.agent(async (run) => {
    wait = () => run.state({ doing: 'waiting', for: 'person' });
    await run.pipe(tap.chunks);
  }, LEASE);
  const health = watch(laptop, { stallMs: 200 });
  const { run } = laptop.send({ parts: said('hello') });
  await until(laptop, () => laptop.run(run)?.status === 'active');
  await seen(health, run, { health: 'stalled' });
  wait();
  await seen(health, run, { health: 'working' });
  expect(health.of(run)?.state).toEqual({ doing: 'waiting', for: 'person' });
});

test('P16 who joins listens for a whole lease before it calls an agent lost', async () => {
  const { scene, run, freeze, laptop } = await hang();
  freeze();
  const first = watch(laptop);
  await seen(first, run, { health: 'lost' });
  const late = await scene.device('bob');
  const health = watch(late);
  expect(health.of(run)).toMatchObject({ health: 'working' });
  await seen(health, run, { health: 'lost', reason: 'silent' });
});

test('P16 forged signs of life count for nothing', async () => {
  const { scene, laptop, run, freeze } = await hang();
  const health = watch(laptop);
  freeze();
  const forger = scene.connect('mallory').channel(scene.name);
  const beat = { run, agent: 'bot', state: { doing: 'thinking' }, progress: 1 };
  let n = 0;
  const timer = setInterval(() => {
    forger.signal({ id: `forged-${(n += 1)}`, name: 'beat', data: beat }).catch(() => {});
  }, 20);
  onTestFinished(() => clearInterval(timer));
  await seen(health, run, { health: 'lost', reason: 'silent' });
  expect(n).toBeGreaterThan(0);
});
