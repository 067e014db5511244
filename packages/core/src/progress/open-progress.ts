import type { Channels, JsonValue, Signal } from '@holdfast/channel';
import { createLogFacts, type ToolPart } from '@holdfast/codec';
import type { RunId } from '../ids.ts';
import type { Session } from '../session.ts';
import { readProgress, writeProgress } from './signal.ts';

type Call = { readonly run: RunId; readonly callId: string };

/** What clients' tools have so far, on every device that looks. */
export interface Progress {
  /**
   * Tells everybody how far this device is with a call that it was given: what it has so far, or anything else that fits into a
   * message. Of several in a tenth of a second the last is sent. One that gets lost is followed by another.
   */
  report(call: Call, output: JsonValue): void;
  /** What the device that the call was given to has said last; undefined once it has an answer, and before it has said anything. */
  of(call: Call): JsonValue | undefined;
  /** Calls `listener` after each change. Shaped for useSyncExternalStore. */
  readonly subscribe: (listener: () => void) => () => void;
  close(): void;
}

export interface ProgressOptions {
  /** Those that the session was opened with. */
  readonly channels: Channels;
  /** Told of what could not be sent: `too_large`, `forbidden`. */
  readonly onError?: (error: unknown) => void;
}

const EVERY_MS = 100;

/**
 * Shows how far clients' tools are. It is said by signals, which anybody may send: one counts only from the device and the
 * identity that the agent's log has given the call to, so nobody speaks for another. A result is nothing of this kind: it is an
 * answer, and the agent's verdict counts.
 */
export function openProgress(session: Session, { channels, onError = () => {} }: ProgressOptions): Progress {
  const { name, device } = session;
  const channel = channels.channel(name);
  const said = new Map<string, { readonly call: Call; readonly output: JsonValue }>();
  const listeners = new Set<() => void>();
  /** What is to be sent of each call: the last of what was reported meanwhile. */
  const waiting = new Map<string, { readonly timer: ReturnType<typeof setTimeout>; latest?: JsonValue }>();

  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const hear = (signal: Signal): void => {
    const progress = readProgress(signal);
    if (progress === undefined || !isGivenTo(session, progress, signal.clientId)) return;
    said.set(keyOf(progress), { call: progress, output: progress.output });
    changed();
  };
  const look = (): void => {
    let isNews = false;
    for (const [key, { call }] of said)
      if (waitingCall(session, call) === undefined) isNews = said.delete(key) || isNews;
    if (isNews) changed();
  };
  const send = (call: Call, output: JsonValue): void => {
    const key = keyOf(call);
    const timer = setTimeout(() => {
      const { latest } = waiting.get(key) ?? {};
      waiting.delete(key);
      if (latest !== undefined) send(call, latest);
    }, EVERY_MS);
    waiting.set(key, { timer });
    channel.signal(writeProgress({ run: call.run, callId: call.callId, device, output })).catch(onError);
  };
  const stops = [session.subscribe(look), session.onSignal(hear)];

  return {
    report(call, output) {
      const sent = waiting.get(keyOf(call));
      if (sent === undefined) send(call, output);
      else sent.latest = output;
    },
    of: (call) => said.get(keyOf(call))?.output,
    subscribe(listener) {
      const each = (): void => listener();
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    close() {
      for (const stop of stops) stop();
      for (const { timer } of waiting.values()) clearTimeout(timer);
      listeners.clear();
    },
  };
}

function keyOf({ run, callId }: Call): string {
  return `${run}:${callId}`;
}

/** The call, while a device is to answer it. */
function waitingCall(session: Session, { run, callId }: Call): ToolPart | undefined {
  const output = session.run(run)?.output;
  const call = (output && session.message(output))?.parts.findLast(
    (part): part is ToolPart => part.type === 'tool' && part.callId === callId,
  );
  return call?.state === 'proposed' ? call : undefined;
}

/** A device's id is in the log for everybody to read; whose it is, the channel stamps (P6, P18). */
function isGivenTo(
  session: Session,
  { run, callId, device }: Call & { readonly device: string },
  clientId: string | undefined,
): boolean {
  if (waitingCall(session, { run, callId })?.device !== device) return false;
  const given = createLogFacts(session.log(run)).facts.findLast(
    (fact) => fact.kind === 'assign' && fact.callId === callId,
  );
  return given?.kind === 'assign' && given.clientId !== undefined && given.clientId === clientId;
}
