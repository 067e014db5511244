import type { Channels } from '@holdfast/channel';
import { setTimeout as pass } from 'node:timers/promises';
import { createWebSocketChannels } from '@holdfast/websocket';
import WebSocket from 'ws';
import type { GatewayProcess } from './gateway-process.ts';

/** Several gateways behind what stands for a load balancer: each connection goes to the next of them. */
export interface Fleet {
  /** Connections that clients have made. */
  readonly dialled: number;
  /** What gateways complained of, also those that are gone. */
  readonly complaints: string;
  connect(clientId: string, rollupMs: number): Channels;
  /** Kills a gateway that has clients, and starts another one in its place; resolves when that one listens. */
  replace(pick: number): Promise<void>;
  close(): Promise<void>;
}

interface Place {
  gateway: GatewayProcess;
  readonly clients: Set<WebSocket>;
}

/** `start` is given the number of the place, from 0. */
export async function openFleet(
  size: number,
  start: (place: number) => Promise<GatewayProcess>,
): Promise<Fleet> {
  const places: Place[] = await Promise.all(
    Array.from({ length: size }, async (_, index) => ({ gateway: await start(index), clients: new Set() })),
  );
  let dialled = 0;
  let complaints = '';

  const nextPlace = (): Place => {
    const place = places[dialled++ % places.length];
    if (place === undefined) throw new Error('There is no gateway.');
    return place;
  };

  const someBusy = async (pick: number): Promise<Place> => {
    for (;;) {
      const busy = places.filter(({ clients }) => clients.size > 0);
      const place = busy[pick % busy.length];
      if (place !== undefined) return place;
      await pass(5);
    }
  };

  class Dialler extends WebSocket {
    constructor() {
      const { gateway, clients } = nextPlace();
      super(`ws://127.0.0.1:${gateway.port}/holdfast`);
      this.on('open', () => clients.add(this)).on('close', () => clients.delete(this));
    }
  }

  return {
    get dialled() {
      return dialled;
    },
    get complaints() {
      return complaints + places.map(({ gateway }) => gateway.complaints).join('');
    },
    connect: (clientId, rollupMs) =>
      createWebSocketChannels({
        url: 'ws://balancer/holdfast',
        token: clientId,
        WebSocket: Dialler,
        transport: 'websocket',
        rollupMs,
        backoff: { firstMs: 2, maxMs: 50 },
      }),
    async replace(pick) {
      const place = await someBusy(pick);
      const gone = place.gateway;
      const next = start(places.indexOf(place));
      await gone.kill();
      place.gateway = await next;
      complaints += gone.complaints;
    },
    async close() {
      await Promise.all(places.map(({ gateway }) => gateway.kill()));
    },
  };
}
