import { checkKey } from '../auth/credentials.ts';
import { issueToken } from '../auth/tokens.ts';
import { refusal } from '../protocol/errors.ts';
import { annotate, annotations } from './annotations.ts';
import { createApp, deleteApp } from './apps.ts';
import { presence, status } from './channel.ts';
import { history, message, patch, publish, versions } from './messages.ts';
import type { RestRequest, RestResponse } from './request.ts';

/** @throws AblyError */
export async function route(request: RestRequest): Promise<RestResponse> {
  const { method, path, context } = request;
  const [collection = '', name = '', ...rest] = path;
  switch (collection) {
    case 'time':
      return { body: [context.now()] };
    case 'apps':
      if (method === 'POST') return createApp(request);
      if (method === 'DELETE') return deleteApp(request, name);
      break;
    case 'keys':
      if (method === 'POST' && rest[0] === 'requestToken') return requestToken(request, name);
      break;
    case 'channels':
      return routeChannel(request, name, rest);
  }
  throw refusal('notFound', `There is nothing at ${method} /${path.join('/')}.`);
}

async function routeChannel(
  request: RestRequest,
  name: string,
  [what, serial, part]: readonly string[],
): Promise<RestResponse> {
  switch (`${request.method} ${[what, serial && '*', part].filter((each) => each !== undefined).join('/')}`) {
    case 'GET ':
      return status(request, name);
    case 'GET presence':
      return presence(request, name);
    case 'GET messages':
      return history(request, name);
    case 'POST messages':
      return publish(request, name);
    case 'GET messages/*':
      return message(request, name, serial ?? '');
    case 'PATCH messages/*':
      return patch(request, name, serial ?? '');
    case 'GET messages/*/versions':
      return versions(request, name, serial ?? '');
    case 'GET messages/*/annotations':
      return annotations(request, name, serial ?? '');
    case 'POST messages/*/annotations':
      return annotate(request, name, serial ?? '');
    default:
      throw refusal('notFound', `There is nothing at ${request.method} /${request.path.join('/')}.`);
  }
}

/** `POST /keys/{keyName}/requestToken` */
async function requestToken({ context, body, key }: RestRequest, name: string): Promise<RestResponse> {
  const known = context.apps.key(name);
  if (known === undefined) throw refusal('notFound', `There is no key ${name}.`);
  const trusted = key !== undefined && checkKey(context.apps, key).name === name;
  return { status: 201, body: await issueToken(known, body ?? {}, trusted, context.now()) };
}
