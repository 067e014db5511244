import type { Channels } from './contract.ts';
import { createEngineChannels, type EngineChannelsOptions } from './engine/engine-channels.ts';
import { createMemoryEngine } from './engine/memory-engine.ts';
import type { Engine } from './engine/port.ts';

export interface MemoryChannelsOptions extends EngineChannelsOptions {
  /** What other channels in this process share. Default: an engine of their own. */
  readonly engine?: Engine;
}

/**
 * Channels in this process's memory: the reference adapter, for tests and for one process. Give several the same
 * `createMemoryEngine()` to let them meet.
 */
export function createMemoryChannels({
  engine = createMemoryEngine(),
  ...options
}: MemoryChannelsOptions = {}): Channels {
  return createEngineChannels(engine, options);
}

export { createMemoryEngine, type MemoryEngineOptions } from './engine/memory-engine.ts';
