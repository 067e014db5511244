import type { Engine } from '../src/engine.ts';

/** An engine whose tails lose every so many changes, and say so, as those of a database across a network do. */
export function loseChanges(engine: Engine, every: number): Engine {
  let seen = 0;
  return {
    ...engine,
    tail: (channel, listener) =>
      engine.tail(channel, (event) => {
        if (event.kind === 'presence' || event.kind === 'signal') return listener(event);
        seen += 1;
        listener(seen % every === 0 ? { kind: 'lost' } : event);
      }),
  };
}
