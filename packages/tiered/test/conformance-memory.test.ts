import { createMemoryColdStore, createMemoryEngine } from '@holdfast/channel/engine';
import { describeChannel } from '@holdfast/conformance/channel';
import { createTieredEngine } from '../src/index.ts';
import { createBackend } from './backend.ts';
import { moveEagerly } from './move-eagerly.ts';

const options = { maxMessageBytes: 1 << 16, presenceLeaseMs: 300 };

describeChannel({
  name: 'memory and memory',
  open: async () => {
    const engine = createTieredEngine({ hot: createMemoryEngine(options), cold: createMemoryColdStore() });
    const shared = { ...engine, close: async () => {} };
    return createBackend({ open: async () => shared, close: () => engine.close() });
  },
});

describeChannel({
  name: 'memory and memory, moved all the time',
  open: async () => {
    const engine = createTieredEngine({ hot: createMemoryEngine(options), cold: createMemoryColdStore() });
    const eager = { ...moveEagerly(engine), close: async () => {} };
    return createBackend({ open: async () => eager, close: () => engine.close() });
  },
});
