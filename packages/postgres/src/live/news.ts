import { decodeText, encodeText } from '@holdfast/channel/engine';
import type { PresenceEvent, Signal } from '@holdfast/channel';
import type { Head } from '../storage/store.ts';

/** What processes tell each other. Only hints depend on its arrival: sessions are compared with the database anyway. */
export type News =
  | { readonly kind: 'heads'; readonly heads: ReadonlyMap<string, Head> }
  | { readonly kind: 'signal'; readonly channel: string; readonly signal: Signal }
  | {
      readonly kind: 'presence';
      readonly channel: string;
      readonly event: Exclude<PresenceEvent, { kind: 'sync' }>;
    };

/** As JSON. Names are as the database has them, since a trigger writes heads as well. */
type Wire =
  | readonly ['heads', readonly (readonly [channel: string, epoch: string, tick: number])[]]
  | readonly ['signal', string, Signal]
  | readonly ['presence', string, Exclude<PresenceEvent, { kind: 'sync' }>];

export function encodeNews(news: News): string {
  return JSON.stringify(toWire(news));
}

/** Undefined for what another version says and this one doesn't understand. */
export function decodeNews(text: string): News | undefined {
  try {
    const wire = JSON.parse(text) as Wire;
    switch (wire[0]) {
      case 'heads': {
        const heads = wire[1].map(([name, epoch, tick]) => [decodeText(name), { epoch, tick }] as const);
        return { kind: 'heads', heads: new Map(heads) };
      }
      case 'signal':
        return { kind: 'signal', channel: decodeText(wire[1]), signal: wire[2] };
      case 'presence':
        return { kind: 'presence', channel: decodeText(wire[1]), event: wire[2] };
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

function toWire(news: News): Wire {
  switch (news.kind) {
    case 'heads': {
      const heads = [...news.heads].map(
        ([name, { epoch, tick }]) => [encodeText(name), epoch, tick] as const,
      );
      return ['heads', heads];
    }
    case 'signal':
      return ['signal', encodeText(news.channel), news.signal];
    case 'presence':
      return ['presence', encodeText(news.channel), news.event];
  }
}
