import { ChannelError, type Serial } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';

export interface ExpiringEngine {
  readonly engine: Engine;
  /** Forgets all but the newest `keep` messages of a channel. */
  readonly expire: (channel: string, keep: number) => Promise<void>;
}

/** An engine with a retention that a test sets off: what it has forgotten it neither shows nor changes. */
export function withExpiry(inner: Engine): ExpiringEngine {
  /** The lowest serial that each channel still has. */
  const lowest = new Map<string, Serial>();
  const isGone = (channel: string, serial: Serial): boolean => serial < (lowest.get(channel) ?? '');

  const engine: Engine = {
    ...inner,
    async commit(channel, publisher, operations) {
      const index = operations.findIndex((each) => 'serial' in each && isGone(channel, each.serial));
      if (index === -1) return inner.commit(channel, publisher, operations);
      const before = index === 0 ? [] : await inner.commit(channel, publisher, operations.slice(0, index));
      const isStopped = before.some(({ ok }) => !ok);
      return isStopped ? before : [...before, { ok: false, error: gone() }];
    },
    async page(channel, query) {
      const { messages, next } = await inner.page(channel, query);
      const left = messages.filter(({ serial }) => !isGone(channel, serial));
      return left.length < messages.length || next === undefined ? { messages: left } : { messages, next };
    },
    message: async (channel, serial) =>
      isGone(channel, serial) ? undefined : inner.message(channel, serial),
    async changesSince(channel, position) {
      const changes = await inner.changesSince(channel, position);
      const isCut = changes?.changed.some(({ message }) => isGone(channel, message.serial));
      return isCut === true ? undefined : changes;
    },
    async annotations(channel, serial, query) {
      if (isGone(channel, serial)) throw gone();
      return inner.annotations(channel, serial, query);
    },
  };
  return {
    engine,
    async expire(channel, keep) {
      const { messages } = await inner.page(channel, { limit: keep + 1 });
      const newestGone = messages[keep]?.serial;
      if (newestGone !== undefined) lowest.set(channel, `${newestGone}!` as Serial);
    },
  };
}

function gone(): ChannelError {
  return new ChannelError('not_found', 'The message has expired.');
}
