import type { RunId, Session } from '@holdfast/core';

/** What a chat's transport tells whoever keeps that chat in step. */
export interface ChatLink {
  /** The runs that the chat reads at the moment: what it follows already needs no second stream. */
  readonly readings: Map<RunId, unknown>;
  /** Called when the chat is about to change its status. */
  readonly listeners: Set<() => void>;
}

const known = new WeakMap<Session, Map<string, ChatLink>>();

/** The link to one of a session's chats, by the chat's id. */
export function linkOf(session: Session, chat: string): ChatLink {
  const links = known.get(session) ?? new Map<string, ChatLink>();
  known.set(session, links);
  const link = links.get(chat) ?? { readings: new Map(), listeners: new Set() };
  links.set(chat, link);
  return link;
}

/** Tells that the chat is about to change its status. */
export function tell({ listeners }: ChatLink): void {
  for (const listener of listeners) listener();
}
