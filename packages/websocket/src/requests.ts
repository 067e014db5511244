import { ChannelError } from '@holdfast/channel';
import type { Delivery, PresenceEvent } from '@holdfast/channel';
import type { SharedFrame } from './attempt.ts';
import { createGatewayConnection, type GatewayConnection } from './connection.ts';
import { guarded } from './guarded.ts';
import type { WebSocketChannelsOptions } from './options.ts';
import { createDeliveryDecoder, decodeError, encodeFrame, type Down, type UpFrame } from './wire.ts';

export type AnswerVerb = 'receipts' | 'done' | 'started' | 'page' | 'annotations' | 'members';

/** The frame of a request with this number, about the channel with this alias. */
export type Request = (id: number, alias: number) => UpFrame;

/** Hears what comes for a request that stays open. */
export interface Listeners {
  readonly delivered?: (delivery: Delivery) => void;
  readonly present?: (event: PresenceEvent) => void;
}

export interface Opened<Verb extends AnswerVerb> {
  readonly answer: Down<Verb>;
  readonly closed: Promise<ChannelError | undefined>;
  readonly close: () => void;
}

/** Requests about channels and their answers, over as many connections as it takes. */
export interface Requests {
  readonly connection: GatewayConnection;
  /**
   * Sends a request, and again on the next connection where this one breaks before the answer; `once` is for what must not
   * be repeated.
   *
   * @throws ChannelError what the gateway refused it with; `too_large`, `unavailable`, `unknown_outcome`, `closed`
   */
  readonly ask: <Verb extends AnswerVerb>(
    channel: string,
    verb: Verb,
    request: Request,
    repeat?: 'once',
  ) => Promise<Down<Verb>>;
  /**
   * The same for what stays open after its answer: subscriptions, watches, presence. It is opened again on each connection,
   * by a frame that is asked for anew.
   */
  readonly open: <Verb extends AnswerVerb>(
    channel: string,
    verb: Verb,
    request: Request,
    listeners?: Listeners,
  ) => Promise<Opened<Verb>>;
}

interface Entry {
  readonly id: number;
  readonly channel: string;
  readonly encode: () => string;
  readonly once: boolean;
  readonly listeners: Listeners | undefined;
  sent: boolean;
  /** Answered, and still there. */
  open: boolean;
  reopening?: ReturnType<typeof setTimeout>;
  answered(frame: SharedFrame): void;
  /** Rejects what waits, or ends what is open. */
  end(error?: ChannelError): void;
}

const REOPEN_MS = 500;
/** Channels that keep their aliases whether or not they are in use. */
const FEW = 500;

export function createRequests(options: WebSocketChannelsOptions): Requests {
  const { random = Math.random } = options;
  /** In the order in which they were asked, which is that in which they are sent again. */
  const entries = new Map<number, Entry>();
  const aliases = new Map<string, number>();
  /** Channels that this connection knows. */
  const declared = new Set<string>();
  let decoder = createDeliveryDecoder();
  let count = 0;

  const connection = createGatewayConnection(options, {
    connected() {
      declared.clear();
      decoder = createDeliveryDecoder();
      for (const entry of entries.values())
        if (entry.once && entry.sent) end(entry, brokenOff());
        else send(entry);
    },
    received(frame) {
      const entry = entries.get(frame[1]);
      if (frame[0] === 'p') return guarded(() => entry?.listeners?.present?.(frame[2]));
      if (frame[0] === 'refused' || frame[0] === 'ended')
        return entry && refused(entry, decodeError(frame[2]));
      const told = decoder.decode(frame);
      if (!told) return entry?.answered(frame);
      const { subscription, delivery } = told;
      if (delivery) guarded(() => entries.get(subscription)?.listeners?.delivered?.(delivery));
    },
    givenUp(error) {
      for (const entry of entries.values())
        if (!entry.open) end(entry, entry.sent && error.code !== 'closed' ? brokenOff(error) : error);
    },
    closed(reason) {
      for (const entry of entries.values()) end(entry, reason);
    },
  });

  const end = (entry: Entry, error?: ChannelError): void => {
    clearTimeout(entry.reopening);
    entries.delete(entry.id);
    entry.end(error);
  };
  const refused = (entry: Entry, error: ChannelError): void => {
    if (entry.open && error.retryable)
      entry.reopening = setTimeout(() => send(entry), REOPEN_MS * (0.5 + random()));
    else end(entry, error);
  };

  const aliasOf = (channel: string): number => {
    const known = aliases.get(channel);
    if (known !== undefined) return known;
    // Who has used very many channels gives the alias of one that it uses no more to the next.
    const used = new Set([...entries.values()].map((entry) => entry.channel));
    const [idle, free] = (aliases.size > FEW && [...aliases].find(([name]) => !used.has(name))) || [];
    if (idle !== undefined) {
      aliases.delete(idle);
      declared.delete(idle);
    }
    const alias = free ?? aliases.size;
    aliases.set(channel, alias);
    return alias;
  };
  const send = (entry: Entry): void => {
    clearTimeout(entry.reopening);
    if (connection.state.status !== 'connected') return;
    const text = entry.encode();
    const { channel } = entry;
    const { maxFrameBytes } = connection;
    if (new TextEncoder().encode(text).length > maxFrameBytes)
      return end(entry, new ChannelError('too_large', `A request may have ${maxFrameBytes} bytes at most.`));
    entry.sent = true;
    if (!declared.has(channel)) connection.send(encodeFrame(['channel', aliasOf(channel), channel]));
    declared.add(channel);
    connection.send(text);
  };

  const begin = <Verb extends AnswerVerb>(
    channel: string,
    verb: Verb,
    request: Request,
    listeners: Listeners | undefined,
    once: boolean,
  ): Promise<Opened<Verb>> =>
    new Promise((resolve, reject) => {
      connection.start();
      const id = (count += 1);
      const encode = (): string => encodeFrame(request(id, aliasOf(channel)));
      const text = encode();
      const entry: Entry = {
        id,
        channel,
        encode: listeners ? encode : () => text,
        once,
        listeners,
        sent: false,
        open: false,
        answered(frame) {
          if (entry.open || !isAnswer(frame, verb)) return;
          entry.open = true;
          if (!listeners) entries.delete(id);
          const closed = new Promise<ChannelError | undefined>(
            (resolveClosed) => (entry.end = resolveClosed),
          );
          const close = (): void => {
            if (entries.has(id) && connection.state.status === 'connected')
              connection.send(encodeFrame(['end', id]));
            end(entry);
          };
          resolve({ answer: frame, closed, close });
        },
        end: reject,
      };
      entries.set(id, entry);
      send(entry);
    });

  return {
    connection,
    ask: async (channel, verb, request, repeat) =>
      (await begin(channel, verb, request, undefined, repeat === 'once')).answer,
    open: (channel, verb, request, listeners = {}) => begin(channel, verb, request, listeners, false),
  };
}

function isAnswer<Verb extends AnswerVerb>(frame: SharedFrame, verb: Verb): frame is Down<Verb> {
  return frame[0] === verb;
}

function brokenOff(cause?: ChannelError): ChannelError {
  return new ChannelError('unknown_outcome', 'The connection broke before the answer came.', { cause });
}
