import { ChannelError, isChannelError } from '@holdfast/channel';
import type { TypeOf } from './shape.ts';
import type { WIRE_ERROR } from './shapes.ts';

export type WireError = TypeOf<typeof WIRE_ERROR>;

/** What of an error may travel: nobody else's message, cause or stack. */
export function encodeError(error: unknown): WireError {
  if (!isChannelError(error)) return { code: 'internal', message: 'The gateway failed. Its log says why.' };
  const { code, message, path } = error;
  return path === undefined ? { code, message } : { code, message, path };
}

export function decodeError({ code, message, ...path }: WireError): ChannelError {
  return new ChannelError(code, message, path);
}

/** For frames that don't belong together. */
export function misfit(): never {
  throw new ChannelError('unavailable', 'The gateway sent a frame that does not fit the last ones.');
}
