import type { Tuple, TypesOf } from './shape.ts';
import {
  ANNOTATION,
  DRAFT,
  FEATURES,
  MEMBER,
  MESSAGE,
  OPERATION,
  PRESENCE_EVENT,
  SIGNAL,
  SUMMARY,
  WIRE_ERROR,
} from './shapes.ts';

/** Of the frames below. A gateway and a client of different versions refuse each other. */
export const WIRE_VERSION = 2;

/**
 * Client to gateway. A frame is a JSON list: the verb, then these. The first one must be `hello`. `id` numbers a request,
 * and names the subscription that it opens; `channel` is an alias that a `channel` frame gave to a name.
 */
export const UP = {
  /**
   * `key` is this client's secret for life: together with its identity it names the connection, so that whoever comes
   * back is the same member and owner as before. `rollupMs` is the window in which appends may be joined.
   */
  hello: ['count', { fields: { key: 'text', token: { optional: 'string' }, rollupMs: 'count' } }],
  /** id, token: goes on with a fresh token of the same client. Answer: `renewed`. */
  token: ['count', 'string'],
  /** alias, name */
  channel: ['count', 'text'],
  /** id, channel, operations. Answer: `receipts`. */
  publish: ['count', 'count', { list: OPERATION }],
  /** id, channel, draft. Answer: `done`. */
  signal: ['count', 'count', DRAFT],
  /** id, channel, options; `known` pairs serials with lengths. Answer: `started`. */
  subscribe: [
    'count',
    'count',
    {
      fields: {
        from: { optional: 'position' },
        known: { optional: { list: { tuple: ['serial', 'count'] } } },
      },
    },
  ],
  /** id, channel, query. Answer: `page`. */
  history: [
    'count',
    'count',
    {
      fields: {
        until: { optional: 'position' },
        cursor: { optional: 'cursor' },
        limit: { optional: 'count' },
      },
    },
  ],
  /** id, channel, serial, query. Answer: `annotations`. */
  annotations: [
    'count',
    'count',
    'serial',
    { fields: { cursor: { optional: 'cursor' }, limit: { optional: 'count' } } },
  ],
  /** id, channel, data. Answer: `done`. */
  enter: ['count', 'count', 'json'],
  /** id, channel. Answer: `done`. */
  leave: ['count', 'count'],
  /** id, channel. Answer: `members`. */
  members: ['count', 'count'],
  /** id, channel: subscribes to presence. Answer: `done`, then `p` frames. */
  watch: ['count', 'count'],
  /** Ends the subscription or watch that this id opened. */
  end: ['count'],
  /** Answers `ping`. */
  pong: [],
  /** The client is leaving for good: its presence ends with it. */
  bye: [],
} as const satisfies Readonly<Record<string, Tuple>>;

/**
 * Gateway to client. `alias` is a short name for one message on one subscription, given by `m` or `i` and valid until it
 * is given to another. Positions are relative to the subscription's last one (`relative-position.ts`). Where an `a`
 * frame has no version, it is what follows the position's last dot.
 */
export const DOWN = {
  welcome: [
    {
      fields: {
        connectionId: 'text',
        clientId: { optional: 'string' },
        features: FEATURES,
        /** How often the gateway pings, in milliseconds. A client gives up after two and a half times that in silence. */
        heartbeatMs: 'count',
        /** The largest frame that the gateway takes, in bytes of UTF-8. */
        maxFrameBytes: 'count',
        /** In how many milliseconds the token expires. */
        expiresInMs: { optional: 'number' },
      },
    },
  ],
  /** id, receipts as serial and version */
  receipts: ['count', { list: { tuple: ['serial', 'version'] } }],
  /** id */
  done: ['count'],
  /** id, start */
  started: ['count', 'position'],
  /** id, page */
  page: ['count', { fields: { messages: { list: MESSAGE }, next: { optional: 'cursor' } } }],
  /** id, page */
  annotations: ['count', { fields: { annotations: { list: ANNOTATION }, next: { optional: 'cursor' } } }],
  /** id, members */
  members: ['count', { list: MEMBER }],
  /** id, in how many milliseconds the new token expires */
  renewed: ['count', { optional: 'number' }],
  /** id, why */
  refused: ['count', WIRE_ERROR],
  /** A subscription or watch failed: id, why */
  ended: ['count', WIRE_ERROR],
  /** A whole message: subscription, alias, message, position */
  m: ['count', 'count', MESSAGE, 'string'],
  /** Gives an alias to a message that the client knows: subscription, alias, serial */
  i: ['count', 'count', 'serial'],
  /** An append: alias, offset, text, position, version */
  a: ['count', 'count', 'string', 'string', { optional: 'version' }],
  /** Annotations: alias, summary, position */
  n: ['count', SUMMARY, 'string'],
  /** A signal: subscription, signal */
  s: ['count', SIGNAL],
  /** A gap: subscription, position */
  g: ['count', 'string'],
  /** Presence: watch, event */
  p: ['count', PRESENCE_EVENT],
  ping: [],
  /**
   * Last words: what the client should do, and why. `retry` with the same token, `renew` with a fresh one, or `stop`.
   */
  bye: [{ oneOf: ['retry', 'renew', 'stop'] }, WIRE_ERROR],
} as const satisfies Readonly<Record<string, Tuple>>;

type FramesOf<Table extends Readonly<Record<string, Tuple>>> = {
  [Verb in keyof Table]: readonly [Verb, ...TypesOf<Table[Verb]>];
}[keyof Table];

export type UpFrame = FramesOf<typeof UP>;
export type DownFrame = FramesOf<typeof DOWN>;

/** One verb's frames. */
export type Up<Verb extends UpFrame[0]> = Extract<UpFrame, readonly [Verb, ...unknown[]]>;
export type Down<Verb extends DownFrame[0]> = Extract<DownFrame, readonly [Verb, ...unknown[]]>;
