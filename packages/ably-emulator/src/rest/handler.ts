import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate } from '../auth/credentials.ts';
import type { ServerContext } from '../connections/context.ts';
import { refusal, toAblyError, toWireError } from '../protocol/errors.ts';
import { decodeBody, encodeBody, type Format } from '../protocol/format.ts';
import { linkHeader } from './paging.ts';
import type { RestRequest, RestResponse } from './request.ts';
import { route } from './routes.ts';

const MSGPACK = 'application/x-msgpack';
const MOST_BYTES = 16 << 20;

/** Answers one HTTP request, also across origins and in the envelope that browsers ask for. */
export async function handle(
  context: ServerContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  allowOrigin(request, response);
  if (request.method === 'OPTIONS') return void response.writeHead(204).end();
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const answer = await respond(context, request, url, path);
  const { status = 200, body, headers } = answer;
  const envelope = url.searchParams.get('envelope');
  const format: Format =
    envelope === 'msgpack' || request.headers.accept?.includes(MSGPACK) === true ? 'msgpack' : 'json';
  const wrapped = envelope === null ? body : { statusCode: status, headers, response: body };
  response.writeHead(envelope === null ? status : 200, {
    ...headers,
    'content-type': format === 'msgpack' ? MSGPACK : 'application/json',
  });
  response.end(wrapped === undefined ? undefined : encodeBody(wrapped, format));
}

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

async function respond(
  context: ServerContext,
  request: IncomingMessage,
  url: URL,
  path: readonly string[],
): Promise<Answer> {
  try {
    const answered: RestResponse = await route(await readRequest(context, request, url, path));
    const { status = 200, body, next } = answered;
    const isList = Array.isArray(body);
    return { status, body, headers: isList ? { link: linkHeader(path, url.searchParams, next) } : {} };
  } catch (error) {
    const refused = toAblyError(error);
    return {
      status: refused.statusCode,
      body: { error: toWireError(refused) },
      headers: {
        'x-ably-errorcode': String(refused.code),
        'x-ably-errormessage': encodeURI(refused.message),
      },
    };
  }
}

async function readRequest(
  context: ServerContext,
  request: IncomingMessage,
  { searchParams: query }: URL,
  path: readonly string[],
): Promise<RestRequest> {
  const [scheme, secret = ''] = (request.headers.authorization ?? '').split(' ');
  const shown = Buffer.from(secret, 'base64').toString('utf8');
  const key = scheme === 'Basic' ? shown : (query.get('key') ?? undefined);
  const token = scheme === 'Bearer' ? shown : (query.get('access_token') ?? undefined);
  const claimed = request.headers['x-ably-clientid'];
  const clientId = typeof claimed === 'string' ? Buffer.from(claimed, 'base64').toString('utf8') : undefined;
  return {
    context,
    method: request.method ?? 'GET',
    path,
    query,
    key,
    body: await readBody(request),
    identify: () =>
      authenticate(
        context.apps,
        {
          ...(key !== undefined && { key }),
          ...(token !== undefined && { token }),
          ...(clientId !== undefined && { clientId }),
        },
        context.now(),
      ),
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw refusal('tooLarge', 'The request is too large.');
    chunks.push(chunk);
  }
  if (bytes === 0) return undefined;
  const format = request.headers['content-type']?.includes(MSGPACK) === true ? 'msgpack' : 'json';
  try {
    return decodeBody(Buffer.concat(chunks), format);
  } catch {
    throw refusal('badRequest', `The body is not ${format}.`);
  }
}

/** Browsers' requests bear credentials: any origin is fine here, but it must be named. */
function allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
  if (headers.origin === undefined) return;
  response.setHeader('access-control-allow-origin', headers.origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE, OPTIONS');
  response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? '');
  response.setHeader('access-control-expose-headers', 'link, x-ably-errorcode, x-ably-errormessage');
  response.setHeader('vary', 'origin');
}
