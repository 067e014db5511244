import type { Serial } from '@holdfast/channel';
import type { ArchiveQuery, ArchiveReader } from '../archive.ts';
import { refuse } from './refuse.ts';

export interface ArchiveRouteOptions {
  readonly archive: ArchiveReader;
  /**
   * Which session the request may read: by its path and its credentials, never by what it says alone. Undefined refuses it.
   */
  readonly session: (request: Request) => string | undefined | Promise<string | undefined>;
}

/**
 * Serves one session's archive to clients, for `createHttpArchive`: GET with `below` and `limit`, or with `serial` for one
 * message. Answers with JSON; 403 where `session` names none, 400 for a query that is none.
 */
export function archiveRoute({
  archive,
  session,
}: ArchiveRouteOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET') return refuse(405, 'Only GET is served here.', { allow: 'GET' });
    const name = await session(request);
    if (name === undefined) return refuse(403, 'This session may not be read.');
    const { searchParams } = new URL(request.url);
    const serial = searchParams.get('serial');
    if (serial !== null) {
      const entry = await archive.find(name, serial as Serial);
      return entry === undefined ? refuse(404, 'No such message.') : Response.json(entry);
    }
    const query = readQuery(searchParams);
    if (query === undefined) return refuse(400, 'limit must be a whole number from 1 to 1000.');
    return Response.json(await archive.read(name, query), { headers: { 'cache-control': 'no-store' } });
  };
}

function readQuery(params: URLSearchParams): ArchiveQuery | undefined {
  const below = params.get('below');
  const limit = params.get('limit');
  if (limit !== null && !(/^\d{1,4}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= 1000))
    return undefined;
  return {
    ...(below !== null && { below: below as Serial }),
    ...(limit !== null && { limit: Number(limit) }),
  };
}
