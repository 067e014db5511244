import type { Cursor, Message, Position } from '@holdfast/channel';
import { demand } from '../auth/capability.ts';
import { chooseIds } from '../channels/choose-ids.ts';
import { createConnectionId } from '../connections/connection-key.ts';
import { MessageAction } from '../protocol/actions.ts';
import { refusal } from '../protocol/errors.ts';
import { parseMessages } from '../protocol/frames.ts';
import { toWireMessage } from '../protocol/message.ts';
import { fromChannelSerial } from '../protocol/serials.ts';
import { pageOf, readCursor, readLimit } from './paging.ts';
import type { RestRequest, RestResponse } from './request.ts';

/** `POST /channels/{name}/messages` */
export async function publish(request: RestRequest, name: string): Promise<RestResponse> {
  const { context, body } = request;
  const identity = await request.identify();
  const messages = chooseIds(parseMessages(body), createConnectionId());
  const { log } = context.hub.channel(identity.app, name);
  const serials = await log.create({ identity, connectionId: undefined }, messages);
  return { status: 201, body: { channel: name, messageId: messages[0]?.id.replace(/:\d+$/, ''), serials } };
}

/** `GET /channels/{name}/messages` */
export async function history(request: RestRequest, name: string): Promise<RestResponse> {
  const { context, query } = request;
  const identity = await request.identify();
  demand(identity.capability, name, 'history');
  const { key } = context.hub.channel(identity.app, name);
  const limit = readLimit(request);
  const until = fromChannelSerial(query.get('from_serial') ?? '');
  const start = Number(query.get('start') ?? 0);
  const end = Number(query.get('end') ?? Infinity);
  const forwards = query.get('direction') === 'forwards';
  const page = (forwards ? readForwards : readBackwards)(context.hub.engine, key, {
    until,
    cursor: readCursor(request),
    limit,
    fits: ({ timestamp }) => timestamp >= start && timestamp <= end,
  });
  const { messages, next } = await page;
  return pageOf(
    request,
    messages.map((message) => toWireMessage(message, context.hub.series)),
    next,
  );
}

interface Wanted {
  readonly until: Position | undefined;
  readonly cursor: Cursor | undefined;
  readonly limit: number;
  readonly fits: (message: Message) => boolean;
}

interface Found {
  readonly messages: readonly Message[];
  readonly next: string | undefined;
}

type Engine = RestRequest['context']['hub']['engine'];

async function readBackwards(
  engine: Engine,
  key: string,
  { until, cursor, limit, fits }: Wanted,
): Promise<Found> {
  const messages: Message[] = [];
  let next = cursor;
  do {
    const page = await engine.page(key, {
      limit: limit - messages.length,
      ...(until !== undefined && { until }),
      ...(next !== undefined && { cursor: next }),
    });
    messages.push(...page.messages.filter(fits));
    next = page.next;
  } while (next !== undefined && messages.length < limit);
  return { messages, next };
}

/** An engine reads newest first; the other way round everything is read, and the cursor is how much was told. */
async function readForwards(
  engine: Engine,
  key: string,
  { until, cursor, limit, fits }: Wanted,
): Promise<Found> {
  const { messages } = await readBackwards(engine, key, { until, cursor: undefined, limit: Infinity, fits });
  const from = Number(cursor ?? 0);
  const rest = messages.toReversed().slice(from);
  return { messages: rest.slice(0, limit), next: rest.length > limit ? String(from + limit) : undefined };
}

/** `GET /channels/{name}/messages/{serial}` */
export async function message(request: RestRequest, name: string, serial: string): Promise<RestResponse> {
  const identity = await request.identify();
  demand(identity.capability, name, 'history');
  const { hub } = request.context;
  return { body: toWireMessage(await hub.channel(identity.app, name).log.message(serial), hub.series) };
}

/** `GET /channels/{name}/messages/{serial}/versions` */
export async function versions(request: RestRequest, name: string, serial: string): Promise<RestResponse> {
  const identity = await request.identify();
  demand(identity.capability, name, 'history');
  const { hub } = request.context;
  const all = await hub.channel(identity.app, name).log.versions(serial);
  return { body: all.map((each) => toWireMessage(each, hub.series)) };
}

const CHANGES = new Map([
  [MessageAction.update, 'update'],
  [MessageAction.delete, 'delete'],
  [MessageAction.append, 'append'],
] as const);

/** `PATCH /channels/{name}/messages/{serial}` */
export async function patch(request: RestRequest, name: string, serial: string): Promise<RestResponse> {
  const identity = await request.identify();
  const [wanted] = parseMessages(request.body);
  const kind = [...CHANGES].find(([action]) => action === wanted?.action)?.[1];
  if (wanted === undefined || kind === undefined)
    throw refusal('badRequest', 'action must be an update, a delete or an append.');
  const { data, name: event, encoding, extras, version } = wanted;
  const versionSerial = await request.context.hub
    .channel(identity.app, name)
    .log.change({ identity, connectionId: undefined }, serial, {
      kind,
      fields: { data, name: event, encoding, extras },
      ...(version != null && { operation: version }),
    });
  return { body: { versionSerial } };
}
