import { isObject } from '@holdfast/codec';
import { isEnded, type Run, type Session } from '@holdfast/core';
import type { Interrupt } from '@tanstack/ai/client';
import type { AnyEvent } from '../codec/any-event.ts';

/** How a chat knows one leg of a run: from when it was asked for, or went on, until it rests or ends. */
export interface Leg {
  readonly name: string;
  readonly thread: string;
  /** The leg before it. */
  readonly parent?: string;
}

export function toStarted({ name, thread, parent }: Leg): AnyEvent {
  return {
    type: 'RUN_STARTED',
    runId: name,
    threadId: thread,
    ...(parent !== undefined && { parentRunId: parent }),
  };
}

export interface Ending {
  readonly leg: Leg;
  readonly run: Run | undefined;
  /** What the chat is asked for. */
  readonly interrupts: readonly Interrupt[];
  /** This chat asked for it: to any other, a failure is an end. */
  readonly isOwn: boolean;
}

/** The event that ends a leg: always one that the chat takes for an end, whatever the model's last word was. */
export function toTerminal(session: Session, { leg, run, interrupts, isOwn }: Ending): AnyEvent {
  const ids = { runId: leg.name, threadId: leg.thread };
  if (isOwn && run !== undefined && (run.status === 'error' || run.status === 'lost')) {
    const message = run.reason ?? 'No agent finished the run.';
    return { type: 'RUN_ERROR', message, code: run.status, ...ids };
  }
  const finish = run?.output === undefined ? undefined : session.message(run.output)?.finish;
  const { reason, usage } = finish ?? {};
  const isAsked = run !== undefined && !isEnded(run.status) && interrupts.length > 0;
  return {
    type: 'RUN_FINISHED',
    ...ids,
    finishReason: REASONS.get(reason) ?? 'stop',
    ...(isObject(usage) && { usage }),
    ...(isAsked && { outcome: { type: 'interrupt', interrupts } }),
  };
}

/** Of the reasons only these end a chat's turn. */
const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['length', 'length'],
  ['content_filter', 'content_filter'],
  ['content-filter', 'content_filter'],
]);
