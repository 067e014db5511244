import { Realtime, type ClientOptions } from 'ably';
import type { AblyEmulator } from '../src/index.ts';

/** The genuine client, quick to come back and quiet. */
export function connect(emulator: AblyEmulator, options: ClientOptions = {}): Realtime {
  return new Realtime({
    ...emulator.clientOptions,
    useBinaryProtocol: false,
    disconnectedRetryTimeout: 20,
    logLevel: 0,
    ...options,
  });
}
