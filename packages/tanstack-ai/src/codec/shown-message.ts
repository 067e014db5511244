import type { JsonObject, Part } from '@holdfast/codec';

/** A part of a chat's message, with the neutral part that it comes from; the last one where several make one. */
export interface ShownPart {
  ui: JsonObject;
  of: Part;
  /** Calls beside each other have the same number: their results follow the last of them. */
  readonly group: number;
}

/** One of the messages that make up an answer. */
export interface ShownMessage {
  id: string;
  /** It has the name that the stream gave it. */
  isNamed: boolean;
  role: 'user' | 'assistant' | 'system';
  metadata?: JsonObject;
  /** The reader dropped it again: of blank answers nothing stays. */
  isGone: boolean;
  parts: ShownPart[];
  /** Calls whose result has a place of its own. */
  readonly placed: Set<string>;
}

export function createShownMessage(id: string, isNamed: boolean): ShownMessage {
  return { id, isNamed, role: 'assistant', isGone: false, parts: [], placed: new Set() };
}
