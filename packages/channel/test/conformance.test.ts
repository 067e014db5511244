import { setImmediate } from 'node:timers/promises';
import { describeChannel } from '../../conformance/src/channel.ts';
import { withFaults } from '../../conformance/src/faults.ts';
import type { FaultOptions } from '../../conformance/src/faults.ts';
import { loseChanges } from './losing-engine.ts';
import { openMemoryBackend } from './memory-backend.ts';

const ALL = { delay: 0.2, duplicate: 0.2, conflate: 0.2, drop: 0.05, cut: 0.1, lose: 0.2 };

const FAULTS: Readonly<Record<string, Omit<FaultOptions, 'seed' | 'turn'>>> = {
  'cut by hand': {},
  delay: { delay: 0.5 },
  duplicate: { duplicate: 0.5 },
  conflate: { conflate: 0.5 },
  drop: { drop: 0.1 },
  cut: { cut: 0.2 },
  lose: { lose: 0.5 },
  all: ALL,
};

describeChannel({ name: 'memory', open: async () => openMemoryBackend() });

describeChannel({
  name: 'memory, changes lost',
  open: async () => openMemoryBackend({ wrap: (engine) => loseChanges(engine, 5) }),
});

for (const [name, faults] of Object.entries(FAULTS)) {
  describeChannel({
    name: `memory, ${name}`,
    scale: 0.5,
    open: async () =>
      openMemoryBackend({ decorate: (channels, seed) => withFaults(channels, { ...faults, seed, turn }) }),
  });
}

const { lose: _, ...behind } = ALL;
describeChannel({
  name: 'memory, over two bad lines',
  scale: 0.5,
  open: async () =>
    openMemoryBackend({
      decorate: (channels, seed) =>
        withFaults(withFaults(channels, { ...behind, seed: -seed, turn }), { ...ALL, seed, turn }),
    }),
});

async function turn(): Promise<void> {
  await setImmediate();
}
