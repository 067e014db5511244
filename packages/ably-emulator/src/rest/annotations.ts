import { demand } from '../auth/capability.ts';
import { createConnectionId } from '../connections/connection-key.ts';
import { toWireAnnotation } from '../protocol/annotation.ts';
import { parseAnnotations } from '../protocol/frames.ts';
import { pageOf, readCursor, readLimit } from './paging.ts';
import type { RestRequest, RestResponse } from './request.ts';

/** `POST /channels/{name}/messages/{serial}/annotations` */
export async function annotate(request: RestRequest, name: string, serial: string): Promise<RestResponse> {
  const identity = await request.identify();
  const { log } = request.context.hub.channel(identity.app, name);
  const base = createConnectionId();
  for (const [index, each] of parseAnnotations(request.body).entries()) {
    const annotation = { ...each, messageSerial: serial };
    await log.annotate({ identity, connectionId: undefined }, each.id ?? `${base}:${index}`, annotation);
  }
  return { status: 201, body: {} };
}

/** `GET /channels/{name}/messages/{serial}/annotations`, oldest first */
export async function annotations(request: RestRequest, name: string, serial: string): Promise<RestResponse> {
  const identity = await request.identify();
  demand(identity.capability, name, 'annotation-subscribe', 'history');
  const { hub } = request.context;
  const { key, log } = hub.channel(identity.app, name);
  const { serial: own } = await log.message(serial);
  const cursor = readCursor(request);
  const page = await hub.engine.annotations(key, own, {
    limit: readLimit(request),
    ...(cursor !== undefined && { cursor }),
  });
  return pageOf(
    request,
    page.annotations.map((each) => toWireAnnotation(each, serial, hub.series)),
    page.next,
  );
}
