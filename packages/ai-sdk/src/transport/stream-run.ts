import { readRun, SessionError } from '@holdfast/core';
import type { Session } from '@holdfast/core';
import type { UIMessageChunk } from 'ai';
import { uiMessageReader, uiMessageWatcher } from '../codec/ui-message-reader.ts';
import { isFailure, toChatError } from './chat-error.ts';
import { tell, type ChatLink } from './chat-link.ts';
import type { RunRequest } from './run-request.ts';

export interface StreamOptions {
  /** To the chat that asks: the run is noted there for as long as the stream lasts. */
  readonly link: ChatLink;
  /** Aborting only detaches. */
  readonly signal: AbortSignal | undefined;
}

type Controller = ReadableStreamDefaultController<UIMessageChunk>;

/**
 * A run as a stream for a chat. Nothing is decoded before the chat asks for it, so that no error overtakes chunks that it
 * has not seen.
 */
export function streamRun(
  session: Session,
  { run, from, stored, refusal }: RunRequest,
  { link, signal }: StreamOptions,
): ReadableStream<UIMessageChunk> {
  const detach = new AbortController();
  const leave = (reason?: unknown): void => {
    signal?.removeEventListener('abort', abort);
    if (link.readings.get(run) === detach) link.readings.delete(run);
    detach.abort(reason);
    tell(link);
  };
  const abort = (): void => leave(signal?.reason);
  link.readings.set(run, detach);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted === true) abort();
  stored?.catch(leave);

  // P18: who only watches runs no tools.
  const codec = session.run(run)?.device === session.device ? uiMessageReader : uiMessageWatcher;
  const chunks = readRun(session, run, { codec, signal: detach.signal, ...(from !== undefined && { from }) });
  /** Waits until there is something of the message, so that what fails before leaves no empty one. */
  let start: UIMessageChunk | undefined;
  /** Waits for the run's end: a chat hears nothing after it, and may ask again at once. */
  let error: UIMessageChunk | undefined;
  let isFinished = false;

  const close = (controller: Controller, last: UIMessageChunk | undefined): void => {
    if (last !== undefined) controller.enqueue(last);
    controller.close();
    leave();
  };
  const pull = async (controller: Controller): Promise<void> => {
    try {
      const { value, done } = await chunks.next();
      const refused = done === true ? refusal?.() : undefined;
      if (refused !== undefined) throw new SessionError('refused', refused);
      if (done === true) return close(controller, error ?? (isFinished ? undefined : { type: 'finish' }));
      if (value.type === 'start') start = value;
      else if (value.type === 'error') error = value;
      else {
        isFinished ||= value.type === 'finish';
        if (start !== undefined) controller.enqueue(start);
        start = undefined;
        return controller.enqueue(value);
      }
      return await pull(controller);
    } catch (failure) {
      if (isFailure(failure))
        return close(controller, error ?? { type: 'error', errorText: failure.message });
      const { aborted, reason } = detach.signal;
      controller.error(toChatError(session, aborted ? reason : failure));
      leave();
    }
  };

  return new ReadableStream<UIMessageChunk>(
    {
      pull,
      async cancel() {
        leave(new DOMException('The stream was cancelled.', 'AbortError'));
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}
