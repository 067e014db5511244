import { Realtime, type ClientOptions } from 'ably';
import { ablyAddress } from './ably-address.ts';

type AuthCallback = NonNullable<ClientOptions['authCallback']>;

/** The Ably client as all of the example uses it: signed in by token, at Ably or at an emulator's host and port. */
export function openAblyClient(
  emulator: string | undefined,
  token: () => Promise<string>,
  options: ClientOptions = {},
): Realtime {
  return new Realtime({
    ...ablyAddress(emulator),
    authCallback: (_, done) => void authenticate(token, done),
    transports: ['web_socket'],
    // The client's own 15 seconds are longer than an answer.
    disconnectedRetryTimeout: 500,
    ...options,
  });
}

async function authenticate(token: () => Promise<string>, done: Parameters<AuthCallback>[1]): Promise<void> {
  let signed: string;
  try {
    signed = await token();
  } catch (error) {
    return done(error instanceof Error ? error.message : String(error), null);
  }
  done(null, signed);
}
