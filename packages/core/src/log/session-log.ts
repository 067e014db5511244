import { followChannel } from '@holdfast/channel';
import type {
  Channel,
  ChannelError,
  Draft,
  FollowEvent,
  Following,
  Message,
  Receipt,
  Serial,
  Signal,
  Version,
} from '@holdfast/channel';
import type { Change, SessionProjection } from '../projection/types.ts';
import { PROVISIONAL } from '../projection/provisional.ts';

export type LogEvent =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'signal'; readonly signal: Signal }
  /** A record that was shown before it was stored has come back on the channel. */
  | { readonly kind: 'stored'; readonly id: string; readonly receipt: Receipt }
  /** `isLive` changed. */
  | { readonly kind: 'live' }
  /** Nothing more will come. */
  | { readonly kind: 'closed'; readonly reason: ChannelError | undefined };

/** A session's channel, followed without a seam and projected: what sessions and agents both stand on. */
export interface SessionLog<P extends SessionProjection = SessionProjection> {
  readonly channel: Channel;
  readonly projection: P;
  /** Caught up with the channel. */
  readonly isLive: boolean;
  /** Resolves when it is live for the first time; rejects with a ChannelError. */
  readonly ready: Promise<void>;
  readonly isOpen: boolean;
  readonly hasOlder: boolean;
  loadOlder(): Promise<boolean>;
  /** Reads again what is loaded: live means caught up with what was there when this was called. */
  repair(): void;
  /**
   * Shows a record before it is stored; its echo takes its place. Returns what takes it away again. `kind` is what its serial
   * begins with: default `PROVISIONAL`.
   */
  expect(draft: Draft, author: Pick<Message, 'clientId'>, timestamp: number, kind?: string): () => void;
  subscribe(listener: (event: LogEvent) => void): () => void;
  close(): void;
}

/** `projection` is one that nobody has given anything yet. */
export function openSessionLog<P extends SessionProjection>(
  channel: Channel,
  projection: P,
  { pageSize }: { readonly pageSize?: number } = {},
): SessionLog<P> {
  const listeners = new Set<(event: LogEvent) => void>();
  /** Serials of records that are shown and not stored, by record id. */
  const expected = new Map<string, Serial>();
  let count = 0;
  let live = false;
  let open = true;

  const emit = (event: LogEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const changed = (change: Change): void => {
    if (change.missing !== undefined) following.repair();
    emit({ kind: 'change', change });
  };
  const setLive = (next: boolean): void => {
    if (next === live) return;
    live = next;
    emit({ kind: 'live' });
  };
  const forget = (id: string): void => {
    const serial = expected.get(id);
    if (serial === undefined) return;
    expected.delete(id);
    changed(projection.forget(serial));
  };
  const apply = (...messages: readonly Message[]): void => {
    const echoes = messages.filter(({ id }) => expected.has(id));
    changed(projection.apply(...messages));
    for (const { id, serial, version } of echoes) {
      forget(id);
      emit({ kind: 'stored', id, receipt: { serial, version } });
    }
  };

  const receive = (event: FollowEvent): void => {
    switch (event.kind) {
      case 'page':
        return apply(...event.messages);
      case 'delivery':
        if (event.delivery.kind === 'message') return apply(event.delivery.message);
        return changed(projection.receive(event.delivery));
      case 'signal':
        return emit(event);
      case 'gap':
        return setLive(false);
      case 'live':
        changed(projection.forget(...event.vanished));
        return setLive(true);
    }
  };

  const following: Following = followChannel(channel, receive, {
    ...(pageSize !== undefined && { pageSize }),
    needs: () => projection.horizon,
  });
  void following.closed.then((reason) => {
    open = false;
    live = false;
    emit({ kind: 'closed', reason });
    listeners.clear();
  });

  return {
    channel,
    projection,
    get isLive() {
      return live;
    },
    ready: following.ready,
    get isOpen() {
      return open;
    },
    get hasOlder() {
      return following.hasOlder;
    },
    loadOlder: () => following.loadOlder(),
    repair: () => following.repair(),
    expect({ id, name, data, headers = {} }, { clientId }, timestamp, kind = PROVISIONAL) {
      count += 1;
      const serial = `${kind}${String(count).padStart(9, '0')}` as string as Serial;
      expected.set(id, serial);
      const version = serial as string as Version;
      const author = clientId === undefined ? {} : { clientId };
      changed(projection.apply({ serial, version, id, name, data, headers, timestamp, ...author }));
      return () => forget(id);
    },
    subscribe(listener) {
      const each = (event: LogEvent): void => listener(event);
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    close: () => following.close(),
  };
}
