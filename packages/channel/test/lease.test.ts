import { expect, it } from 'vitest';
import { CHANNEL_LAWS, runLaw } from '../../conformance/src/channel.ts';
import { onFakeTime } from '../../conformance/test/on-fake-time.ts';
import { openMemoryBackend } from './memory-backend.ts';

for (const law of CHANNEL_LAWS.filter(({ requires = [] }) => requires.some(isOfTime)))
  it(`memory, ${law.id}: ${law.title}`, async () => {
    const result = await onFakeTime(() =>
      runLaw(law, { open: async () => openMemoryBackend({ timed: true }) }),
    );
    expect(result).toMatchObject({ status: 'held' });
  });

function isOfTime(need: string): boolean {
  return need === 'kill' || need === 'pass';
}
