import { ArchiveError } from '../archive-error.ts';
import type { ArchivedMessage, ArchivePage, ArchiveReader } from '../archive.ts';

export interface HttpArchiveOptions {
  /** The address of a session's `archiveRoute`. */
  readonly url: (session: string) => string | URL;
  /** What lets the client in, asked anew for each request. */
  readonly headers?: () => HeadersInit | Promise<HeadersInit>;
  /** Default `globalThis.fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * An archive that is read over HTTP.
 *
 * Its calls reject with ArchiveError `forbidden` (401 or 403), or `unavailable`.
 */
export function createHttpArchive({
  url,
  headers,
  fetch = globalThis.fetch,
}: HttpArchiveOptions): ArchiveReader {
  const get = async (session: string, query: Readonly<Record<string, string>>): Promise<unknown> => {
    const address = new URL(url(session), globalThis.location?.href);
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
    let response: Response;
    try {
      response = await fetch(address, { headers: (await headers?.()) ?? {} });
      if (response.ok) return await response.json();
    } catch (cause) {
      throw new ArchiveError('unavailable', 'The archive does not answer.', { cause });
    }
    if (response.status === 404) return undefined;
    throw response.status === 401 || response.status === 403
      ? new ArchiveError('forbidden', 'The archive does not let this client in.')
      : new ArchiveError('unavailable', `The archive answers with status ${response.status}.`);
  };
  return {
    async read(session, { below, limit } = {}) {
      const query = {
        ...(below !== undefined && { below }),
        ...(limit !== undefined && { limit: String(limit) }),
      };
      const page = await get(session, query);
      if (typeof page === 'object' && page !== null && 'entries' in page && Array.isArray(page.entries))
        return page as ArchivePage;
      throw new ArchiveError('unavailable', 'The address answers, and not with an archive.');
    },
    find: async (session, serial) => (await get(session, { serial })) as ArchivedMessage | undefined,
  };
}
