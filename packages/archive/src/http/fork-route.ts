import { createRandomId, isChannelError, type Channels } from '@holdfast/channel';
import type { MessageId } from '@holdfast/core';
import { ArchiveError } from '../archive-error.ts';
import type { Archive } from '../archive.ts';
import { forkSession } from '../fork/fork-session.ts';
import { refuse } from './refuse.ts';

export interface ForkRouteOptions {
  /** A connection that may read the sessions; joined to the archive. */
  readonly channels: Channels;
  readonly archive: Archive;
  /**
   * Which session the request may copy: by its path and its credentials, never by what it says alone. Undefined refuses it.
   */
  readonly session: (request: Request) => string | undefined | Promise<string | undefined>;
  /**
   * The copy's name, and the place to note whose it is: who may open it is up to the tokens that you give. Default: the
   * session's name with 24 random digits.
   */
  readonly name?: (session: string, request: Request) => string | Promise<string>;
}

const STATUS = { not_found: 404, conflict: 409 } as const;

/**
 * Copies a session for a page (`requestFork`): POST of `{"at": message}` as JSON, answered with 201 and `{"session": name}`. 400
 * for a body that is none, 403 where `session` names none, 404 where the session has no such message, 409 while the answer is
 * still being written or where there is a session of that name, 415 for anything but JSON, which no other site's form can send.
 */
export function forkRoute({
  channels,
  archive,
  session,
  name = (original) => `${original}-${createRandomId()}`,
}: ForkRouteOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'POST') return refuse(405, 'Only POST is served here.', { allow: 'POST' });
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
      return refuse(415, 'The request must be JSON.');
    const original = await session(request);
    if (original === undefined) return refuse(403, 'This session may not be copied.');
    const at = await readMessage(request);
    if (at === undefined) return refuse(400, 'The body must be {"at": the id of a message}.');
    const as = await name(original, request);
    try {
      await forkSession({ channels, session: original, at, as, archive });
    } catch (error) {
      if (error instanceof ArchiveError && (error.code === 'not_found' || error.code === 'conflict'))
        return refuse(STATUS[error.code], error.message);
      if (isChannelError(error) && error.retryable) return refuse(503, 'The session can’t be read now.');
      throw error;
    }
    return Response.json({ session: as }, { status: 201 });
  };
}

async function readMessage(request: Request): Promise<MessageId | undefined> {
  try {
    const { at } = (await request.json()) as { readonly at?: unknown };
    return typeof at === 'string' && at !== '' ? (at as string as MessageId) : undefined;
  } catch {
    return undefined;
  }
}
