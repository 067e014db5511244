import type { ChannelBackend } from '../../conformance/src/channel.ts';
import type { FaultyChannels } from '../../conformance/src/faults.ts';
import { createEngineChannels, createMemoryEngine, decodePosition, encodePosition } from '../src/engine.ts';
import type { Engine } from '../src/engine.ts';
import type { Channels, Position } from '../src/index.ts';

export interface MemoryBackendOptions {
  readonly decorate?: (channels: Channels, seed: number) => FaultyChannels;
  readonly wrap?: (engine: Engine) => Engine;
  /** Offers what waits for leases to run out, for tests whose clock is fake. Default: no. */
  readonly timed?: boolean;
}

/**
 * Memory channels with all that the suite may do to them but for what memory has no way of, forgetting and restarting;
 * with `decorate` each connection is decorated, and can be cut.
 */
export function openMemoryBackend({
  decorate,
  wrap = (each) => each,
  timed = false,
}: MemoryBackendOptions = {}): ChannelBackend {
  const engine = wrap(createMemoryEngine({ maxMessageBytes: 1 << 16 }));
  const decorated = new Map<Channels, FaultyChannels>();
  const dead = new Set<Channels>();
  const connect: ChannelBackend['connect'] = async (clientId, claims) => {
    const author = { ...(clientId !== undefined && { clientId }), ...(claims !== undefined && { claims }) };
    const isDead = (): boolean => dead.has(opened);
    const channels = createEngineChannels(
      {
        ...engine,
        renew: async (memberId) => (isDead() ? undefined : engine.renew(memberId)),
        leave: async (name, memberId) => (isDead() ? undefined : engine.leave(name, memberId)),
      },
      author,
    );
    const opened: Channels = decorate?.(channels, decorated.size + 1) ?? channels;
    if (decorate !== undefined) decorated.set(opened, opened as FaultyChannels);
    return opened;
  };
  return {
    connect,
    ...(timed && {
      kill: async (channels) => void dead.add(channels),
      pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    }),
    ahead: async (_, position) => moved(position, ({ epoch, tick }) => [epoch, tick + 2 ** 52]),
    otherEpoch: async (_, position) => moved(position, ({ tick }) => ['another', tick]),
    ...(decorate !== undefined && {
      cut: async (channels) => {
        const heal = decorated.get(channels)?.cut();
        return async () => heal?.();
      },
    }),
    close: () => engine.close(),
  };
}

function moved(
  position: Position,
  move: (at: { readonly epoch: string; readonly tick: number }) => [epoch: string, tick: number],
): Position {
  const at = decodePosition(position);
  if (at === undefined) throw new TypeError(`not a position: ${position}`);
  return encodePosition(...move(at));
}
