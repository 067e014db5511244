export { withFaults, type FaultyChannels } from './faults/with-faults.ts';
export type { FaultOptions } from './faults/options.ts';
