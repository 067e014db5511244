import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { withFaults } from '@holdfast/conformance/faults';
import { claimsOf, type Backend } from './backend.ts';
import { withExpiry } from './expiring-engine.ts';

/** Channels in this process. Their line has no faults but being cut. */
export async function openMemory(): Promise<Backend> {
  const { engine, expire } = withExpiry(createMemoryEngine({ maxMessageBytes: 64 << 10 }));
  const cuts = new WeakMap<object, () => () => void>();
  return {
    isGuarded: false,
    async connect(who) {
      const { clientId } = who;
      const claims = claimsOf(who);
      const memory = createMemoryChannels({ engine, clientId, ...(claims !== undefined && { claims }) });
      const channels = withFaults(memory, { seed: 1 });
      cuts.set(channels, channels.cut);
      return channels;
    },
    cut(channels) {
      const cut = cuts.get(channels);
      if (cut === undefined) throw new Error('These channels are not of this backend.');
      return cut();
    },
    expire,
    close: () => engine.close(),
  };
}
