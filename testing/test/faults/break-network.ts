import { setTimeout as pass } from 'node:timers/promises';
import type { TcpProxy } from '@holdfast/testing/tcp-proxy';
import type { Draw } from './rounds.ts';

/** Longer than gateways wait for their store, so that some of their calls fail. */
const LONGEST_MS = 800;

type Break = (network: TcpProxy, ms: number) => Promise<void>;

const BREAKS: readonly Break[] = [
  /** Connections break, and new ones are made at once. */
  async function cut(network) {
    network.cut();
    network.restore();
  },
  /** Connections break, and for a while there are no new ones. */
  async function away(network, ms) {
    network.cut();
    await pass(ms);
    network.restore();
  },
  /** Nothing passes for a while, and nobody says so; then everything comes late. */
  async function stall(network, ms) {
    const release = network.stall();
    await pass(ms);
    release();
  },
  /** Connections are dead without a word, as when a router has forgotten them; new ones work. */
  async function freeze(network) {
    network.freeze();
  },
];

/** Breaks the network of one gateway or of all. */
export async function breakNetwork(networks: readonly TcpProxy[], { pick, length }: Draw): Promise<void> {
  const breaking = BREAKS[pick % BREAKS.length];
  const choice = Math.floor(pick / BREAKS.length) % (networks.length + 1);
  const hit = choice < networks.length ? networks.slice(choice, choice + 1) : networks;
  if (breaking === undefined) throw new Error('There is no such break.');
  await Promise.all(hit.map((network) => breaking(network, length * LONGEST_MS)));
}
