import { ChannelError } from '@holdfast/channel';
import type { Channels, Position } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import { openMemoryBackend } from '../../channel/test/memory-backend.ts';
import type { ChannelBackend } from '../src/channel.ts';
import { withFaults } from '../src/faults.ts';
import type { FaultyChannels } from '../src/faults.ts';
import { overChannel } from './mutants/over.ts';

/** Where a faulty part may be put into the honest backend. */
export interface Mutant {
  readonly engine?: (engine: Engine) => Engine;
  /** Between the engine's channels and the line that the suite cuts. */
  readonly below?: (channels: Channels) => Channels;
  /** What the suite gets. */
  readonly above?: (channels: FaultyChannels) => FaultyChannels;
  readonly backend?: (backend: ChannelBackend) => ChannelBackend;
  /** For the laws of leases, on a fake clock. */
  readonly timed?: boolean;
}

/** Memory channels to which all can be done that a law may need; with a mutant's parts they are dishonest. */
export function openHonestBackend({
  engine,
  below,
  above,
  backend,
  timed = false,
}: Mutant = {}): ChannelBackend {
  const old = new Set<Position>();
  const honest: ChannelBackend = {
    ...openMemoryBackend({
      timed,
      wrap: (memory) => {
        const forgetful: Engine = {
          ...memory,
          changesSince: async (channel, position) =>
            old.has(position) ? undefined : memory.changesSince(channel, position),
        };
        return engine?.(forgetful) ?? forgetful;
      },
      decorate: (channels, seed) => {
        const faulty = withFaults(below?.(channels) ?? channels, { seed });
        return above?.(faulty) ?? faulty;
      },
    }),
    // Memory lives as long as the process does.
    restart: async () => {},
    tooOld: async (_, position) => {
      old.add(position);
      return position;
    },
  };
  return backend?.(honest) ?? honest;
}

const PER_SECOND = 5;
const WINDOW_MS = 20;

/** Refuses what comes too fast; more patient than it says, so that tests needn't wait. */
export function limitRate(refuse: () => Promise<never> = tooFast) {
  return (channels: Channels): Channels => {
    let window = 0;
    let used = 0;
    return overChannel((channel) => ({
      features: { ...channel.features, operationsPerSecond: PER_SECOND },
      publish: async (operations, options) => {
        const now = Math.floor(performance.now() / WINDOW_MS);
        used = now === window ? used + 1 : 1;
        window = now;
        return used > PER_SECOND ? refuse() : channel.publish(operations, options);
      },
    }))(channels);
  };
}

async function tooFast(): Promise<never> {
  throw new ChannelError('rate_limited', 'Too fast.');
}
