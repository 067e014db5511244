import { ChannelError } from '@holdfast/channel';
import type { GatewayConnection } from './connection.ts';
import { decodeError, encodeFrame, type Down, type DownFrame, type UpFrame } from './wire.ts';

export type AnswerVerb = 'receipts' | 'done' | 'started' | 'page' | 'annotations' | 'members';
export type Answer = Down<AnswerVerb> | Down<'refused'>;

/** Requests and their answers, over as many connections as it takes. */
export interface Calls {
  /**
   * Sends a request about a channel, and again on the next connection where this one breaks before the answer; `once`
   * is for what must not be repeated.
   *
   * @throws ChannelError what the gateway refused it with; `too_large`, `unavailable`, `unknown_outcome`, `closed`
   */
  ask<Verb extends AnswerVerb>(
    verb: Verb,
    channel: string,
    frame: (id: number, alias: number) => UpFrame,
    repeat?: 'once',
  ): Promise<Down<Verb>>;
  /** Sends a frame that has no answer, if there is a connection. */
  tell(channel: string, frame: (alias: number) => UpFrame): void;
  /** False where nobody waits for it. */
  settle(answer: Answer): boolean;
  /** There is a new connection: it knows no channel yet. */
  connected(): void;
  /** Sends again what has no answer, in the order in which it was asked. */
  resend(): void;
  fail(error: ChannelError): void;
}

interface Pending {
  readonly id: number;
  readonly channel: string;
  readonly text: string;
  readonly once: boolean;
  sent: boolean;
  settle(answer: Answer | ChannelError): void;
}

export function createCalls(
  connection: Pick<GatewayConnection, 'state' | 'maxFrameBytes' | 'start' | 'send'>,
): Calls {
  const pending = new Map<number, Pending>();
  const aliases = new Map<string, number>();
  const declared = new Set<number>();
  let id = 0;

  const aliasOf = (channel: string): number => {
    const alias = aliases.get(channel) ?? aliases.size;
    aliases.set(channel, alias);
    return alias;
  };
  const declare = (channel: string): void => {
    const alias = aliasOf(channel);
    if (declared.has(alias)) return;
    declared.add(alias);
    connection.send(encodeFrame(['channel', alias, channel]));
  };
  const isConnected = (): boolean => connection.state.status === 'connected';

  const send = (call: Pending): void => {
    const max = connection.maxFrameBytes;
    if (isLonger(call.text, max)) {
      pending.delete(call.id);
      return call.settle(
        new ChannelError('too_large', `The request has more than the ${max} bytes of a frame.`),
      );
    }
    call.sent = true;
    declare(call.channel);
    connection.send(call.text);
  };

  return {
    async ask<Verb extends AnswerVerb>(
      verb: Verb,
      channel: string,
      frame: (id: number, alias: number) => UpFrame,
      repeat?: 'once',
    ) {
      connection.start();
      id += 1;
      const own = id;
      const text = encodeFrame(frame(own, aliasOf(channel)));
      return new Promise<Down<Verb>>((resolve, reject) => {
        const call: Pending = {
          id: own,
          channel,
          text,
          once: repeat === 'once',
          sent: false,
          settle(answer) {
            if (answer instanceof ChannelError) reject(answer);
            else if (answer[0] === 'refused') reject(decodeError(answer[2]));
            else if (isAnswer(answer, verb)) resolve(answer);
            else
              reject(
                new ChannelError('internal', `The gateway answered with ${answer[0]} instead of ${verb}.`),
              );
          },
        };
        pending.set(own, call);
        if (isConnected()) send(call);
      });
    },
    tell(channel, frame) {
      if (!isConnected()) return;
      declare(channel);
      connection.send(encodeFrame(frame(aliasOf(channel))));
    },
    settle(answer) {
      const call = pending.get(answer[1]);
      if (call === undefined) return false;
      pending.delete(call.id);
      call.settle(answer);
      return true;
    },
    connected: () => declared.clear(),
    resend() {
      for (const call of pending.values())
        if (call.once && call.sent) {
          pending.delete(call.id);
          call.settle(brokenOff());
        } else send(call);
    },
    fail(error) {
      for (const call of pending.values())
        call.settle(call.sent && error.code !== 'closed' ? brokenOff(error) : error);
      pending.clear();
    },
  };
}

function isAnswer<Verb extends AnswerVerb>(frame: DownFrame, verb: Verb): frame is Down<Verb> {
  return frame[0] === verb;
}

function brokenOff(cause?: ChannelError): ChannelError {
  return new ChannelError('unknown_outcome', 'The connection broke before the answer came.', { cause });
}

/** Longer than `max` bytes of UTF-8. Counts only where it may be: a code unit takes three bytes at most. */
function isLonger(text: string, max: number): boolean {
  return text.length * 3 > max && new TextEncoder().encode(text).length > max;
}
