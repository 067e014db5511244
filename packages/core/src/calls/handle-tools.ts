import type { JsonValue } from '@holdfast/channel';
import type { JsonObject, ToolPart } from '@holdfast/codec';
import type { RunId } from '../ids.ts';
import { SessionError } from '../errors.ts';
import type { AnswerRecord } from '../records.ts';
import type { Session } from '../session.ts';
import type { Run } from '../snapshot.ts';
import { isEnded } from '../snapshot.ts';

/** Runs one call. What it throws is the call's result, too: the error's message. */
export type ClientTool = (input: JsonValue, context: ClientToolContext) => JsonValue | Promise<JsonValue>;

export interface ClientToolContext {
  readonly run: RunId;
  readonly callId: string;
  /** `run:call`: the same on whichever device it runs. */
  readonly idempotencyKey: string;
  /** Aborts when the run is over, the call was given to another device, or the tools are taken back. */
  readonly signal: AbortSignal;
}

export interface HandleToolsOptions {
  /** What else this participant says of itself in presence. */
  readonly data?: JsonObject;
  /** Told of results that could not be sent. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Runs the calls that the agent gives to this device (P18), each once: not those of other devices, not those that have an
 * answer, and nothing again that is only replayed. It enters presence, so that the agent sees which tools this device has,
 * and gives its calls to another device of the same person when it goes away. Returns what takes the tools back; whether
 * this participant stays present is left to the page.
 */
export function handleTools(
  session: Session,
  tools: Readonly<Record<string, ClientTool>>,
  { data = {}, onError = () => {} }: HandleToolsOptions = {},
): () => void {
  const running = new Map<string, AbortController>();
  const { device } = session;

  const isMine = (call: ToolPart): boolean =>
    call.state === 'proposed' && call.device === device && Object.hasOwn(tools, call.name);

  const start = async ({ id: run }: Run, { callId, name, input = null }: ToolPart): Promise<void> => {
    const key = `${run}:${callId}`;
    const controller = new AbortController();
    running.set(key, controller);
    const { signal } = controller;
    const answer = async (is: AnswerRecord['answer']): Promise<void> => {
      // It is somebody else's now, or nobody's.
      if (!signal.aborted) await session.answer({ run, callId }, is);
    };
    try {
      const output = await tools[name]?.(input, { run, callId, idempotencyKey: key, signal });
      await answer({ type: 'output', output: output ?? null }).catch((error: unknown) => {
        if (!isTooLarge(error)) throw error;
        return answer({ type: 'error', error: TOO_LARGE });
      });
    } catch (error) {
      if (error instanceof SessionError) return onError(error);
      await answer({ type: 'error', error: error instanceof Error ? error.message : String(error) });
    }
  };

  const look = (): void => {
    const { status, runs } = session.snapshot;
    if (status !== 'live') return;
    const mine = new Set<string>();
    for (const run of runs) {
      if (isEnded(run.status) || run.status === 'cancelling' || run.output === undefined) continue;
      for (const part of session.message(run.output)?.parts ?? []) {
        if (part.type !== 'tool' || !isMine(part)) continue;
        const key = `${run.id}:${part.callId}`;
        mine.add(key);
        const isAnswered = run.answers.some(
          ({ record, callId, device: by, approvalId }) =>
            callId === part.callId &&
            by === device &&
            approvalId === undefined &&
            !part.decisions?.some((judged) => judged.record === record),
        );
        if (!running.has(key) && !isAnswered) start(run, part).catch(onError);
      }
    }
    for (const [key, controller] of running) {
      if (mine.has(key)) continue;
      controller.abort(new SessionError('superseded', 'The call is not this device’s any more.'));
      running.delete(key);
    }
  };

  session.enter({ ...data, device, tools: Object.keys(tools) }).catch(onError);
  const unsubscribe = session.subscribe(look);
  look();
  return () => {
    unsubscribe();
    for (const controller of running.values())
      controller.abort(new SessionError('closed', 'The tools were taken back.'));
  };
}

const TOO_LARGE =
  'The result is too large for one message of the channel: upload it, and return where it is.';

function isTooLarge(error: unknown): boolean {
  return (
    error instanceof SessionError &&
    error.cause instanceof Error &&
    'code' in error.cause &&
    error.cause.code === 'too_large'
  );
}
