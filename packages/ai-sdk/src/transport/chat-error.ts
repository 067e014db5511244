import { SessionError } from '@holdfast/core';
import type { Session } from '@holdfast/core';

/** The run came to a bad end, which everybody sees. */
export function isFailure(error: unknown): error is SessionError {
  return error instanceof SessionError && (error.code === 'failed' || error.code === 'lost');
}

/** Chats take a `TypeError` that speaks of the network for a lost connection, and can resume from it. */
export function toChatError(session: Session, error: unknown): unknown {
  if (!(error instanceof SessionError)) return error;
  if (error.code === 'withdrawn') return new DOMException(error.message, 'AbortError');
  return session.snapshot.status === 'closed' || LOST.has(error.code)
    ? new TypeError(`network: ${error.message}`, { cause: error })
    : error;
}

/** `superseded`: text was taken back that the chat can't take back; it has to read the message again. */
const LOST: ReadonlySet<string> = new Set(['closed', 'unavailable', 'superseded']);

/** Whether an error of a chat is one that it can resume from. */
export function isLost(error: Error | undefined): boolean {
  return error instanceof TypeError && error.cause instanceof SessionError;
}
