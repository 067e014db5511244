import { demand } from '../auth/capability.ts';
import { PresenceAction } from '../protocol/actions.ts';
import { recordOf, toWirePresence } from '../channels/presence-frames.ts';
import { pageOf, readCursor, readLimit } from './paging.ts';
import type { RestRequest, RestResponse } from './request.ts';

/** `GET /channels/{name}` */
export async function status(request: RestRequest, name: string): Promise<RestResponse> {
  const identity = await request.identify();
  demand(identity.capability, name, 'channel-metadata');
  const { hub, faults } = request.context;
  const members = await hub.engine.members(hub.channel(identity.app, name).key);
  const presenceConnections = new Set(members.map((member) => recordOf(member).connectionId)).size;
  const metrics = {
    presenceMembers: members.length,
    presenceConnections,
    connections: faults.connections.size,
  };
  return { body: { channelId: name, name, status: { isActive: true, occupancy: { metrics } } } };
}

/** `GET /channels/{name}/presence` */
export async function presence(request: RestRequest, name: string): Promise<RestResponse> {
  const identity = await request.identify();
  demand(identity.capability, name, 'presence', 'subscribe');
  const { context, query } = request;
  const members = await context.hub.engine.members(context.hub.channel(identity.app, name).key);
  const clientId = query.get('clientId');
  const connectionId = query.get('connectionId');
  const found = members.filter(
    (member) =>
      (clientId === null || member.clientId === clientId) &&
      (connectionId === null || recordOf(member).connectionId === connectionId),
  );
  const from = Number(readCursor(request) ?? 0);
  const limit = readLimit(request);
  const page = found
    .slice(from, from + limit)
    .map((member) => toWirePresence(member, PresenceAction.present));
  return pageOf(request, page, found.length > from + limit ? String(from + limit) : undefined);
}
