import { ChannelError, isChannelError } from '@holdfast/channel';
import type { Down } from '@holdfast/websocket/wire';

export type FarewellAction = Down<'bye'>[1];

/** The path by which `authenticate` says that a token was good once. */
const EXPIRED = 'token.exp';

export function expired(): ChannelError {
  return new ChannelError('unauthenticated', 'The token has expired.', { path: EXPIRED });
}

/** What a client should do that was not let in. */
export function actionAfter(error: unknown): FarewellAction {
  if (!isChannelError(error) || error.retryable) return 'retry';
  return error.code === 'unauthenticated' && error.path === EXPIRED ? 'renew' : 'stop';
}
