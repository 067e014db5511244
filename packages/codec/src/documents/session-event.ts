import { isObject } from '../control.ts';
import { compact } from '../fields.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Content, Part } from '../part.ts';
import type { DocumentLog } from './document-log.ts';
import { isEqual } from '../equal.ts';

/** What became of a call that the application runs: providers' streams don't say it. */
export interface CallOutputEvent {
  readonly type: 'holdfast.call_output';
  readonly call_id: string;
  readonly output?: JsonValue;
  /** Why there is no output. */
  readonly error?: string;
  /** The call was denied, and nothing was run. */
  readonly denied?: true;
}

/** Somebody has to agree to a call before it is run. */
export interface ApprovalRequestEvent {
  readonly type: 'holdfast.approval_request';
  readonly call_id: string;
  readonly approval_id: string;
  readonly reason?: string;
}

/** What a session says about an answer beside the events of its provider. */
export type SessionEvent = CallOutputEvent | ApprovalRequestEvent;

export function isSessionEvent(event: JsonObject): event is JsonObject & SessionEvent {
  const { type, call_id, approval_id } = event;
  if (typeof call_id !== 'string') return false;
  return (
    type === 'holdfast.call_output' ||
    (type === 'holdfast.approval_request' && typeof approval_id === 'string')
  );
}

/** Writes an event about a call; false where there is no such call, or none that it can be said of. */
export function writeSessionEvent(log: DocumentLog, event: SessionEvent): boolean {
  const call = log.content.parts.findLast((part) => part.type === 'tool' && part.callId === event.call_id);
  if (call?.type !== 'tool') return false;
  if (event.type === 'holdfast.approval_request') {
    const { approval_id, call_id: tool, reason } = event;
    if (call.state !== 'proposed') return false;
    log.control('ask', approval_id, compact<JsonObject>({ tool, reason } as JsonObject));
    return true;
  }
  const { call_id, denied, error, output = null } = event;
  if (denied === true) log.control('result', call_id, { denied });
  else log.control('result', call_id, error === undefined ? { output } : { error });
  return true;
}

/** The events by which a reader learns what became of calls since `before`. */
export function tellSessionEvents(
  content: Content,
  before: ReadonlyMap<string, Part>,
): readonly SessionEvent[] {
  const events: SessionEvent[] = [];
  for (const [key, part] of callsOf(content)) {
    const was = before.get(key);
    // What is wrong with an invalid input, the response itself shows.
    if (part === was || part.type !== 'tool' || part.invalid === true) continue;
    const { callId: call_id, state, output = null, error = '', approval, settled } = part;
    const old = was?.type === 'tool' ? was : undefined;
    if (approval !== undefined && old?.approval === undefined)
      events.push({
        type: 'holdfast.approval_request',
        call_id,
        approval_id: approval.id,
        ...(approval.requestReason !== undefined && { reason: approval.requestReason }),
      });
    const isNew = old?.state !== state || old.settled !== settled || !isEqual(old.output, part.output);
    if (!isNew) continue;
    const type = 'holdfast.call_output';
    if (state === 'result') events.push({ type, call_id, output });
    else if (state === 'error') events.push({ type, call_id, error });
    else if (state === 'denied' && settled === true) events.push({ type, call_id, denied: true });
  }
  return events;
}

/** The calls that the application runs, by which of the calls with their id they are. */
export function callsOf({ parts }: Content): ReadonlyMap<string, Part> {
  const calls = new Map<string, Part>();
  const counts = new Map<string, number>();
  for (const part of parts) {
    if (part.type !== 'tool' || part.by !== undefined) continue;
    const count = counts.get(part.callId) ?? 0;
    counts.set(part.callId, count + 1);
    calls.set(`${part.callId} ${count}`, part);
  }
  return calls;
}

/** Whether a value is an event of any sort. */
export function isEvent(value: JsonValue): value is JsonObject & { readonly type: string } {
  return isObject(value) && typeof value['type'] === 'string';
}
