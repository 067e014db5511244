export { serveAbly, type AblyEmulator, type AblyEmulatorOptions } from './serve-ably.ts';
export type { AblyLimits } from './channels/limits.ts';
export type { AblyFaults } from './faults.ts';
