import { expect, it } from 'vitest';
import { CHANNEL_LAWS, describeChannel, runLaw } from '../src/channel.ts';
import { limitRate, openHonestBackend } from './honest-backend.ts';

describeChannel({ name: 'honest', open: async () => openHonestBackend() });

it('I9.too-fast holds where a rate is stated and kept', async () => {
  const open = async () => openHonestBackend({ below: limitRate() });
  expect(await runLaw(lawOf('I9.too-fast'), { open })).toMatchObject({ status: 'held' });
});

it('a law is left out with the reason: the feature or fault that is missing, or the one given', async () => {
  const open = async () => {
    const { connect, close } = openHonestBackend();
    return { connect, close };
  };
  const reasons = await Promise.all(
    (['I9.too-fast', 'I3.reconnect', 'I2.empty'] as const).map((id) =>
      runLaw(lawOf(id), { open, skip: { 'I2.empty': 'it is never empty' } }),
    ),
  );
  expect(reasons).toMatchObject([
    { status: 'skipped', reason: 'features.operationsPerSecond is not stated' },
    { status: 'skipped', reason: "the backend offers no 'cut'" },
    { status: 'skipped', reason: 'it is never empty' },
  ]);
});

it('a skip needs a law and a reason', () => {
  const open = async () => openHonestBackend();
  expect(() => runLaw(lawOf('I2.empty'), { open, skip: { 'I2.empty': ' ' } })).toThrow('needs a reason');
  expect(() => runLaw(lawOf('I2.empty'), { open, skip: { 'I2.full': 'x' } as never })).toThrow('not a law');
});

it('a backend that fails to open breaks the law, and what was opened is closed', async () => {
  let closed = 0;
  const result = await runLaw(lawOf('I2.empty'), {
    open: async () => ({
      connect: () => Promise.reject(new Error('no such host')),
      close: async () => void (closed += 1),
    }),
  });
  expect(result).toMatchObject({ status: 'broken', error: { message: 'no such host' } });
  expect(closed).toBe(1);
});

it('ids of laws are unique', () => {
  expect(new Set(CHANNEL_LAWS.map(({ id }) => id)).size).toBe(CHANNEL_LAWS.length);
});

function lawOf(id: string) {
  const law = CHANNEL_LAWS.find((each) => each.id === id);
  if (law === undefined) throw new TypeError(`no law ${id}`);
  return law;
}
