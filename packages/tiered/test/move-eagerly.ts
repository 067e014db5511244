import type { Engine } from '@holdfast/channel/engine';
import type { TieredEngine } from '../src/index.ts';

/**
 * Has everything moved between almost every two calls, and also while they run: two times out of three a commit is told
 * only when all that it wrote has moved, and reads begin together with a move. Other processes' engines do the same.
 */
export function moveEagerly(engine: TieredEngine, others: readonly TieredEngine[] = []): Engine {
  let turn = 0;
  const move = async (channel: string): Promise<void> => {
    // What fails here fails as well where it counts.
    await Promise.allSettled([engine, ...others].map((each) => each.settle({ channel, idleMs: 0 })));
  };
  const after = async <T>(channel: string, result: Promise<T>): Promise<T> => {
    turn += 1;
    if (turn % 3 === 0) void move(channel);
    const value = await result;
    if (turn % 3 !== 0) await move(channel);
    return value;
  };
  return {
    ...engine,
    commit: (channel, publisher, operations) => after(channel, engine.commit(channel, publisher, operations)),
    page: (channel, query) => after(channel, engine.page(channel, query)),
    changesSince: (channel, position) => after(channel, engine.changesSince(channel, position)),
    annotations: (channel, serial, query) => after(channel, engine.annotations(channel, serial, query)),
  };
}
