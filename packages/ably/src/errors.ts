import { ChannelError, isChannelError, type ChannelErrorCode } from '@holdfast/channel';
import { isRecord } from './wire/record.ts';

interface Rule {
  readonly code: ChannelErrorCode;
  /** What to do about it; Ably's own words come after it. */
  readonly advice?: string;
}

/** What Ably's error codes are here. */
export const RULES: ReadonlyMap<number, Rule> = new Map([
  [40003, { code: 'invalid' }],
  [40009, { code: 'too_large', advice: 'The message is over the size limit of the account.' }],
  [40010, { code: 'invalid', advice: 'Ably does not take this channel name.' }],
  [40012, { code: 'forbidden', advice: 'Sign a token with a client id that names one client.' }],
  [40013, { code: 'invalid' }],
  [40031, { code: 'invalid' }],
  [
    40160,
    {
      code: 'forbidden',
      advice: 'The token or key lacks a capability for this channel: see the README for the list.',
    },
  ],
  [40300, { code: 'forbidden' }],
  [40400, { code: 'not_found' }],
  [91000, { code: 'forbidden', advice: 'Presence needs a client id: sign one into the token.' }],
  [91005, { code: 'unavailable' }],
  [
    93002,
    {
      code: 'unsupported',
      advice:
        "Turn on “Message annotations, updates, deletes and appends” in a rule for the channel's namespace, in the Ably app.",
    },
  ],
  [93001, { code: 'forbidden', advice: 'The token or key lacks the capability annotation-subscribe.' }],
] satisfies [number, Rule][]);

/** Codes that lie together: the first range that fits. */
export const RANGES: readonly (readonly [from: number, to: number, rule: Rule])[] = [
  [
    40100,
    40139,
    { code: 'unauthenticated', advice: 'Check the key, and what authCallback or authUrl returns.' },
  ],
  [
    40140,
    40149,
    { code: 'unauthenticated', advice: 'The token has expired or is not good, and could not be renewed.' },
  ],
  [
    42900,
    42999,
    { code: 'rate_limited', advice: 'Lower messagesPerSecond, or have the limit of the account raised.' },
  ],
  [50001, 50999, { code: 'unavailable' }],
  [80000, 80999, { code: 'unavailable' }],
  [90000, 90999, { code: 'unavailable' }],
];

const BY_STATUS: ReadonlyMap<number, ChannelErrorCode> = new Map([
  [400, 'invalid'],
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [408, 'unavailable'],
  [413, 'too_large'],
  [429, 'rate_limited'],
  [503, 'unavailable'],
  [504, 'unavailable'],
]);

/** An error of the Ably client as one of ours; ours pass. */
export function toChannelError(error: unknown): ChannelError {
  if (isChannelError(error)) return error;
  if (!isRecord(error) && !(error instanceof Error))
    return new ChannelError('internal', 'The Ably client failed.', { cause: error });
  const code = numberIn(error, 'code');
  const message: unknown = Reflect.get(error, 'message');
  const words = typeof message === 'string' ? message : 'no reason given';
  const rule = RULES.get(code) ?? RANGES.find(([from, to]) => code >= from && code <= to)?.[2];
  const mapped = rule?.code ?? BY_STATUS.get(numberIn(error, 'statusCode')) ?? 'internal';
  const path = mapped === 'invalid' ? { path: 'operation' } : {};
  const sentence = [rule?.advice, `Ably says: ${words} (${code})`];
  return new ChannelError(mapped, sentence.filter((part) => part !== undefined).join(' '), {
    ...path,
    cause: error,
  });
}

/** The same for what was sent: while nothing is known of the connection it may have happened. */
export function toPublishError(error: unknown): ChannelError {
  const mapped = toChannelError(error);
  return mapped.code === 'unavailable'
    ? new ChannelError('unknown_outcome', mapped.message, { cause: error })
    : mapped;
}

/** @throws ChannelError in place of what the Ably client throws */
export async function mapped<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toChannelError(error);
  }
}

/** 0 where there is none. */
function numberIn(error: object, field: string): number {
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'number' ? value : 0;
}
