import * as v from 'valibot';
import { describeKey } from '../auth/apps.ts';
import { refusal } from '../protocol/errors.ts';
import type { RestRequest, RestResponse } from './request.ts';

const Spec = v.object({
  keys: v.optional(v.array(v.object({ capability: v.optional(v.string()) }))),
  namespaces: v.optional(
    v.array(
      v.object({
        id: v.string(),
        mutableMessages: v.optional(v.boolean()),
        persisted: v.optional(v.boolean()),
      }),
    ),
  ),
});

/** `POST /apps`: an app of one's own, for a test. */
export async function createApp({ context, body }: RestRequest): Promise<RestResponse> {
  const parsed = v.safeParse(Spec, body ?? {});
  if (!parsed.success) throw refusal('badRequest', parsed.issues[0].message);
  const { keys = [{}], namespaces = [] } = parsed.output;
  const { app, keys: made } = context.apps.create({
    keys: keys.map(({ capability }) => (capability === undefined ? {} : { capability })),
    namespaces: Object.fromEntries(
      namespaces.map(({ id, mutableMessages = false }) => [id, { mutableMessages }]),
    ),
  });
  return {
    status: 201,
    body: { appId: app.id, accountId: 'local', keys: made.map(describeKey), namespaces },
  };
}

/** `DELETE /apps/{id}` */
export async function deleteApp({ context }: RestRequest, id: string): Promise<RestResponse> {
  if (!context.apps.remove(id)) throw refusal('notFound', `There is no app ${id}.`);
  return { status: 204 };
}
