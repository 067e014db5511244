import { ChannelError, isChannelError } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import type { Logger } from './logger.ts';

/**
 * The engine as clients may know it. Where it is refused what it needs (a login, a right), no client is at fault and none can
 * mend it: to them the gateway's storage is away for now, and its log says why.
 */
export function shieldEngine(engine: Engine, logger: Logger): Engine {
  const tell = (error: unknown): never => {
    if (!isChannelError(error) || (error.code !== 'unauthenticated' && error.code !== 'forbidden'))
      throw error;
    logger.error({ err: error, code: error.code }, 'the storage refuses the gateway');
    throw new ChannelError(
      'unavailable',
      'The gateway may not use its storage. Its log says why; try again.',
      {
        cause: error,
      },
    );
  };
  return {
    features: engine.features,
    commit: (channel, publisher, operations) => engine.commit(channel, publisher, operations).catch(tell),
    signal: (channel, publisher, draft) => engine.signal(channel, publisher, draft).catch(tell),
    tail: (channel, listener) => engine.tail(channel, listener).catch(tell),
    changesSince: (channel, position) => engine.changesSince(channel, position).catch(tell),
    message: (channel, serial) => engine.message(channel, serial).catch(tell),
    page: (channel, query) => engine.page(channel, query).catch(tell),
    annotations: (channel, serial, query) => engine.annotations(channel, serial, query).catch(tell),
    enter: (channel, member) => engine.enter(channel, member).catch(tell),
    leave: (channel, memberId) => engine.leave(channel, memberId).catch(tell),
    renew: (memberId) => engine.renew(memberId).catch(tell),
    members: (channel) => engine.members(channel).catch(tell),
    close: () => engine.close(),
  };
}
