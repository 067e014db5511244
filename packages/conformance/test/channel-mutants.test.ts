import { isChannelError } from '@holdfast/channel';
import { describe, expect, it } from 'vitest';
import { CHANNEL_LAWS, LawViolation, runLaw } from '../src/channel.ts';
import type { ChannelLaw, ChannelLawId } from '../src/channel.ts';
import { openHonestBackend } from './honest-backend.ts';
import type { Mutant } from './honest-backend.ts';
import { ANNOTATIONS } from './mutants/annotations.ts';
import { ARRAYS } from './mutants/arrays.ts';
import { AUTHORITY } from './mutants/authority.ts';
import { CATCH_UP } from './mutants/catch-up.ts';
import { IDEMPOTENCE } from './mutants/idempotence.ts';
import { LIMITS } from './mutants/limits.ts';
import { ORDER } from './mutants/order.ts';
import { PAYLOAD } from './mutants/payload.ts';
import { PRESENCE } from './mutants/presence.ts';
import { SEAM } from './mutants/seam.ts';
import { STORAGE } from './mutants/storage.ts';
import { onFakeTime } from './on-fake-time.ts';

/** For each law a faulty channel; that there is one for each, the type says. */
const MUTANTS: Readonly<Record<ChannelLawId, Mutant>> = {
  ...ORDER,
  ...SEAM,
  ...CATCH_UP,
  ...IDEMPOTENCE,
  ...STORAGE,
  ...PRESENCE,
  ...LIMITS,
  ...AUTHORITY,
  ...ANNOTATIONS,
  ...ARRAYS,
  ...PAYLOAD,
};

const timed = CHANNEL_LAWS.filter(({ requires = [] }) =>
  requires.some((need) => need === 'kill' || need === 'pass'),
);

describe.concurrent('each law catches its mutant', () => {
  for (const law of CHANNEL_LAWS.filter((each) => !timed.includes(each)))
    it(`${law.id}: ${law.title}`, () => catches(law));
});

describe('each law of time catches its mutant', () => {
  for (const law of timed) it(`${law.id}: ${law.title}`, () => onFakeTime(() => catches(law)));
});

async function catches(law: ChannelLaw<ChannelLawId>): Promise<void> {
  const open = async () => openHonestBackend({ ...MUTANTS[law.id], timed: timed.includes(law) });
  const result = await runLaw(law, { open, patience: 300, scale: 0.5 });
  expect(result.status).toBe('broken');
  if (result.status !== 'broken') return;
  // Not by a fault of the law's own.
  const { error } = result;
  expect(error instanceof LawViolation || isChannelError(error), String(error)).toBe(true);
}
