import { Action } from '../protocol/actions.ts';
import { toAblyError, toWireError } from '../protocol/errors.ts';
import type { OutboundFrame } from '../protocol/frames.ts';

/** What came of a client's publishes, to be told in their order, and again where a client asks again. */
export interface Acks {
  /**
   * Does the work of a publish, unless a publish with this number was seen before: then only its answer is sent again.
   * `work` resolves with the serials that the client is told.
   */
  accept(msgSerial: number, work: () => Promise<readonly (string | null)[]>): void;
  /** Answers go to this socket from now; what is on its way to the last one is dropped. */
  sendTo(send: ((frame: OutboundFrame) => void) | undefined): void;
}

/** More than a client can have in flight. */
const KEPT = 20_000;

export function createAcks(): Acks {
  const answers = new Map<number, Promise<OutboundFrame>>();
  let socket = { send: undefined as ((frame: OutboundFrame) => void) | undefined, last: Promise.resolve() };

  const answer = async (msgSerial: number, work: () => Promise<readonly (string | null)[]>) => {
    try {
      return { action: Action.ack, msgSerial, count: 1, res: [{ serials: await work() }] };
    } catch (error) {
      return { action: Action.nack, msgSerial, count: 1, error: toWireError(toAblyError(error)) };
    }
  };

  return {
    accept(msgSerial, work) {
      const answered = answers.get(msgSerial) ?? answer(msgSerial, work);
      answers.set(msgSerial, answered);
      answers.delete(msgSerial - KEPT);
      const current = socket;
      // One after the other: the client takes each answer for the oldest publish that it waits for.
      current.last = current.last.then(async () => {
        const frame = await answered;
        current.send?.(frame);
      });
    },
    sendTo(send) {
      socket.send = undefined;
      socket = { send, last: Promise.resolve() };
    },
  };
}
