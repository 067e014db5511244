import { createHash } from 'node:crypto';

export interface Situation {
  readonly path: string;
  /** The client's address. */
  readonly client: string;
  /** The gateways that are well. */
  readonly healthy: ReadonlySet<string>;
  /** Open WebSockets, by gateway. */
  readonly open: ReadonlyMap<string, number>;
  readonly page?: string | undefined;
}

/** Where a request goes; undefined where no gateway is left. */
export function choose({ path, client, healthy, open, page }: Situation): string | undefined {
  if (!/^\/(holdfast|token)(\/|$)/.test(path)) return page;
  // A client without WebSockets has one request down and others up, and both must meet at one gateway.
  if (/^\/holdfast\/(down|up)$/.test(path)) return highest(healthy, (gateway) => weigh(client, gateway));
  // WebSockets live for hours: who counts them evens out what a restart has emptied, who takes turns doesn't.
  return highest(healthy, (gateway) => -(open.get(gateway) ?? 0));
}

function highest(gateways: Iterable<string>, weight: (gateway: string) => number): string | undefined {
  return [...gateways].toSorted((a, b) => weight(b) - weight(a))[0];
}

/** Rendezvous hashing: when a gateway goes, only its own clients move. */
function weigh(client: string, gateway: string): number {
  return createHash('sha256').update(`${client} ${gateway}`).digest().readUInt32BE();
}
