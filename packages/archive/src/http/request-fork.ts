import type { MessageId } from '@holdfast/core';
import { ArchiveError, type ArchiveErrorCode } from '../archive-error.ts';

export interface RequestForkOptions {
  /** What lets the client in. */
  readonly headers?: HeadersInit;
  /** Default `globalThis.fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

const CODES: Readonly<Record<number, ArchiveErrorCode>> = {
  400: 'invalid',
  401: 'forbidden',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
};

/**
 * Asks a `forkRoute` for a copy of its session up to the message `at`: an answer that is over, or a question, which is then
 * asked anew. Resolves with the copy's name, to be opened `withArchive`.
 *
 * @throws ArchiveError `not_found` (no such message), `conflict` (the answer is still being written), `forbidden`, `invalid`,
 * `unavailable`
 */
export async function requestFork(
  url: string | URL,
  at: MessageId,
  { headers, fetch = globalThis.fetch }: RequestForkOptions = {},
): Promise<string> {
  const all = new Headers(headers);
  all.set('content-type', 'application/json');
  let answer: unknown;
  let status = 0;
  try {
    const response = await fetch(url, { method: 'POST', headers: all, body: JSON.stringify({ at }) });
    ({ status } = response);
    answer = await response.json();
  } catch (cause) {
    if (CODES[status] === undefined)
      throw new ArchiveError('unavailable', 'The server does not answer as it should.', { cause });
  }
  const { session, message } = (answer ?? {}) as { readonly session?: unknown; readonly message?: unknown };
  if (status === 201 && typeof session === 'string') return session;
  const why = typeof message === 'string' ? message : `The server answers with status ${status}.`;
  throw new ArchiveError(CODES[status] ?? 'unavailable', why);
}
