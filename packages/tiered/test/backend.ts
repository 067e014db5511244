import { setTimeout as wait } from 'node:timers/promises';
import type { Channels } from '@holdfast/channel';
import { createEngineChannels, decodePosition, encodePosition, type Engine } from '@holdfast/channel/engine';
import type { ChannelBackend } from '@holdfast/conformance/channel';
import { withFaults, type FaultyChannels } from '@holdfast/conformance/faults';

export interface BackendParts {
  /** The engine of another process. */
  readonly open: () => Promise<Engine>;
  readonly restart?: () => Promise<void>;
  readonly tooOld?: ChannelBackend['tooOld'];
  readonly close?: () => Promise<void>;
}

/** Connections of processes of their own, with all that can happen to them. */
export function createBackend({ open, restart, tooOld, close }: BackendParts): ChannelBackend {
  const engines: Engine[] = [];
  const connections = new Map<Channels, FaultyChannels>();
  const killed = new Set<Channels>();
  return {
    async connect(clientId, claims) {
      const engine = await open();
      engines.push(engine);
      const author = { ...(clientId !== undefined && { clientId }), ...(claims !== undefined && { claims }) };
      const isDead = (): boolean => killed.has(channels);
      const mortal: Engine = {
        ...engine,
        renew: async (memberId) => (isDead() ? undefined : engine.renew(memberId)),
        leave: async (name, memberId) => (isDead() ? undefined : engine.leave(name, memberId)),
      };
      const channels: FaultyChannels = withFaults(createEngineChannels(mortal, author), {
        seed: connections.size + 1,
      });
      connections.set(channels, channels);
      return channels;
    },
    async cut(channels) {
      const heal = connections.get(channels)?.cut();
      return async () => heal?.();
    },
    kill: async (channels) => void killed.add(channels),
    pass: (ms) => wait(ms),
    ...(restart !== undefined && { restart }),
    ...(tooOld !== undefined && { tooOld }),
    async ahead(_, position) {
      const { epoch = '', tick = 0 } = decodePosition(position) ?? {};
      return encodePosition(epoch, tick + 1e9);
    },
    async otherEpoch(_, position) {
      return encodePosition('another', decodePosition(position)?.tick ?? 0);
    },
    async close() {
      for (const engine of engines) await engine.close();
      await close?.();
    },
  };
}
