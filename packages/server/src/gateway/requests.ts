import type { Down, Up } from '@holdfast/websocket/wire';
import type { Following } from './following.ts';
import type { Lines } from './lines.ts';
import type { Membership } from './membership.ts';
import { readPage, type Reading } from './reading.ts';

/** Requests about channels. */
export type ChannelRequest = Up<
  'publish' | 'signal' | 'subscribe' | 'watch' | 'enter' | 'leave' | 'members' | 'history' | 'annotations'
>;

export type Reply = Down<'receipts' | 'done' | 'started' | 'page' | 'annotations' | 'members' | 'renewed'>;

/** What one client's requests are served from. */
export interface Desk {
  readonly lines: Lines;
  readonly following: Following;
  readonly membership: Membership;
  readonly reading: Reading;
  /** About how many bytes a page may have. */
  readonly pageBytes: number;
}

/**
 * Does what a client asks for, if it may. What it publishes is handed on before this returns.
 *
 * @throws ChannelError
 */
export async function serveRequest(frame: ChannelRequest, desk: Desk): Promise<Reply> {
  const { lines, following, membership, reading } = desk;
  const [verb, id, alias] = frame;
  switch (verb) {
    case 'publish': {
      const receipts = await lines.get(alias).publishing.publish(frame[3]);
      return ['receipts', id, receipts.map(({ serial, version }) => [serial, version] as const)];
    }
    case 'signal':
      await lines.get(alias, 'publish').publishing.signal(frame[3]);
      return ['done', id];
    case 'subscribe': {
      const { from, known } = frame[3];
      const start = await following.subscribe(id, lines.get(alias, 'subscribe').channel, {
        ...(from !== undefined && { from }),
        ...(known !== undefined && { known: new Map(known) }),
      });
      return ['started', id, start];
    }
    case 'watch':
      await following.watch(id, lines.get(alias, 'presence').channel);
      return ['done', id];
    case 'enter':
      await membership.enter(lines.get(alias, 'presence').channel.name, frame[3]);
      return ['done', id];
    case 'leave':
      await membership.leave(lines.get(alias, 'presence').channel.name);
      return ['done', id];
    case 'members': {
      const { presence } = lines.get(alias, 'presence').channel;
      return ['members', id, await reading.read(() => presence.members())];
    }
    case 'history': {
      const { channel } = lines.get(alias, 'history');
      return ['page', id, await reading.read(() => readPage(channel, frame[3], desk.pageBytes))];
    }
    case 'annotations': {
      const { channel } = lines.get(alias, 'history');
      return ['annotations', id, await reading.read(() => channel.annotations(frame[3], frame[4]))];
    }
  }
}
