import type { Identity } from '../auth/identity.ts';
import type { ServerContext } from '../connections/context.ts';

/** An HTTP request as the handlers see it. */
export interface RestRequest {
  readonly context: ServerContext;
  readonly method: string;
  /** The parts of the path, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Decoded; undefined where there is none. */
  readonly body: unknown;
  /** The key as the client has sent it (`name:secret`), where it has. */
  readonly key: string | undefined;
  /** Who asks. @throws AblyError */
  readonly identify: () => Promise<Identity>;
}

export interface RestResponse {
  readonly status?: number;
  readonly body?: unknown;
  /** Where the next page is, as a query. */
  readonly next?: URLSearchParams;
}
