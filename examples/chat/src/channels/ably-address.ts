import type { ClientOptions } from 'ably';

/** The emulator's key unless `ABLY_API_KEY` says another. */
export const EMULATOR_KEY = 'local.key:secret';

/**
 * Where the Ably client finds its server: at Ably, unless `ABLY_EMULATOR` names an emulator's host and port. Plain data, so
 * that a page can be told it too.
 */
export function ablyAddress(emulator: string | undefined): ClientOptions {
  if (emulator === undefined) return {};
  const [endpoint = '', port] = emulator.split(':');
  return { endpoint, port: Number(port), tls: false, disableConnectivityCheck: true };
}
