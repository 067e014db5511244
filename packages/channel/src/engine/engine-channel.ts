import type { Channel } from '../contract.ts';
import type { Operation, Receipt } from '../operation.ts';
import type { Presence } from '../presence.ts';
import { openEngineSubscription } from './engine-subscription.ts';
import type { Engine, Publisher } from './port.ts';

export interface EngineChannelParts {
  readonly engine: Engine;
  readonly name: string;
  readonly publisher: Publisher;
  readonly presence: Presence;
  /** What to end when the channels are closed. */
  readonly endings: Set<() => void>;
}

export function createEngineChannel({
  engine,
  name,
  publisher,
  presence,
  endings,
}: EngineChannelParts): Channel {
  return {
    name,
    features: engine.features,
    presence,
    async publish(operations) {
      const list: readonly Operation[] = 'action' in operations ? [operations] : operations;
      const outcomes = await engine.commit(name, publisher, list);
      return outcomes.map((outcome): Receipt => {
        if (!outcome.ok) throw outcome.error;
        return outcome.receipt;
      });
    },
    signal: (draft) => engine.signal(name, publisher, draft),
    async subscribe(listener, options = {}) {
      const subscription = await openEngineSubscription(engine, name, listener, options);
      const end = (): void => subscription.close();
      endings.add(end);
      void subscription.closed.then(() => endings.delete(end));
      return subscription;
    },
    history: (query = {}) => engine.page(name, query),
    annotations: (serial, query = {}) => engine.annotations(name, serial, query),
  };
}
