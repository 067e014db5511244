import { createRandomId } from '@holdfast/channel';
import type { AnnotationDraft, ClientsSummary } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import { add, summaryOf, type Addition, type Annotated } from './kind.ts';

/** A thumb, up or down: one for each person, the newest counts. */
export const FEEDBACK = 'feedback:unique.v1';

/** Any number of different ones for each person. */
export const REACTIONS = 'reactions:distinct.v1';

export type Thumb = 'up' | 'down';

/** A person's verdict on an answer; it takes the place of an earlier one. */
export function rate(thumb: Thumb, comment?: string): AnnotationDraft {
  return add(createRandomId(), compact<Addition>({ type: FEEDBACK, name: thumb, data: comment }));
}

/** Takes back a verdict. */
export function unrate(thumb: Thumb): AnnotationDraft {
  return { action: 'remove', id: createRandomId(), type: FEEDBACK, name: thumb };
}

export interface Feedback {
  readonly up: number;
  readonly down: number;
  /** What `clientId` gave. */
  readonly own?: Thumb;
}

/** The thumbs given to a message, and which of them is `clientId`'s. */
export function feedbackOf(message: Annotated, clientId?: string): Feedback {
  const { up, down } = summaryOf<{ readonly [T in Thumb]?: ClientsSummary }>(message, FEEDBACK) ?? {};
  const own = isOf(up, clientId) ? 'up' : isOf(down, clientId) ? 'down' : undefined;
  return compact<Feedback>({ up: up?.total ?? 0, down: down?.total ?? 0, own });
}

/** Adds a reaction, such as an emoji. To add it again changes nothing. */
export function react(reaction: string): AnnotationDraft {
  return add(createRandomId(), { type: REACTIONS, name: reaction });
}

/** Takes back a reaction. */
export function unreact(reaction: string): AnnotationDraft {
  return { action: 'remove', id: createRandomId(), type: REACTIONS, name: reaction };
}

export interface Reaction {
  readonly reaction: string;
  readonly clientIds: readonly string[];
  /** `clientId` is one of them. */
  readonly own: boolean;
}

/** The reactions to a message, the most frequent first. */
export function reactionsOf(message: Annotated, clientId?: string): readonly Reaction[] {
  const reactions = summaryOf<Readonly<Record<string, ClientsSummary>>>(message, REACTIONS) ?? {};
  return Object.entries(reactions)
    .map(([reaction, summary]) => ({
      reaction,
      clientIds: summary.clientIds,
      own: isOf(summary, clientId),
    }))
    .toSorted((a, b) => b.clientIds.length - a.clientIds.length || (a.reaction < b.reaction ? -1 : 1));
}

function isOf(summary: ClientsSummary | undefined, clientId: string | undefined): boolean {
  return clientId !== undefined && summary?.clientIds.includes(clientId) === true;
}
