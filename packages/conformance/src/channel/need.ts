import type { FaultName } from './backend-faults.ts';
import type { LawContext } from './context.ts';

/** What a channel law may need: a feature that the channel states, or a fault that the backend offers. */
export type Need = 'seal' | 'checksOffsets' | 'operationsPerSecond' | 'maxMessageBytes' | FaultName;

/** Why the backend lacks what a law needs, or undefined. */
export function lacks(need: Need, { backend, features }: LawContext): string | undefined {
  switch (need) {
    case 'seal':
    case 'checksOffsets':
      return features[need] ? undefined : `features.${need} is false`;
    case 'operationsPerSecond':
      return features[need] === undefined ? `features.${need} is not stated` : undefined;
    case 'maxMessageBytes':
      return features[need] > LARGEST ? `features.${need} is more than the suite likes to send` : undefined;
    default:
      return backend[need] === undefined ? `the backend offers no '${need}'` : undefined;
  }
}

/** The largest message that the suite makes, in bytes. */
const LARGEST = 1 << 23;
