import type { Serial } from '@holdfast/channel';
import type { Publisher } from '@holdfast/channel/engine';
import { demand, allows, type Operation } from '../auth/capability.ts';
import { speakFor, userClaimFor, type Identity } from '../auth/identity.ts';
import { toClaims } from '../protocol/content.ts';

/** Whoever publishes: a connection, or a REST client, which has none. */
export interface Sender {
  readonly identity: Identity;
  readonly connectionId: string | undefined;
}

/** What nobody in particular has created belongs to this one, so that whoever is allowed to may change it. */
const NOBODY = 'nobody';

export function creatorOf(
  { identity }: Sender,
  claimed: string | null | undefined,
  channel: string,
): Publisher {
  const clientId = speakFor(identity, claimed);
  return {
    connectionId: NOBODY,
    ...(clientId !== undefined && { clientId }),
    ...toClaims(userClaimFor(identity, channel)),
  };
}

/** The creator of a message, in whose name the engine changes it: who may do that is decided here. */
export function ownerOf(message: { readonly serial: Serial; readonly clientId?: string }): Publisher {
  return { connectionId: NOBODY, ...(message.clientId !== undefined && { clientId: message.clientId }) };
}

/** Whether a sender may change a message: any, or its own. @throws AblyError 40160 */
export function demandChange(
  { identity }: Sender,
  channel: string,
  message: { readonly clientId?: string },
  change: 'update' | 'delete',
): void {
  const any: Operation = change === 'update' ? 'message-update-any' : 'message-delete-any';
  const own: Operation = change === 'update' ? 'message-update-own' : 'message-delete-own';
  if (allows(identity.capability, channel, any)) return;
  const isOwn = message.clientId !== undefined && message.clientId === identity.clientId;
  demand(identity.capability, channel, ...(isOwn ? [any, own] : [any]));
}
