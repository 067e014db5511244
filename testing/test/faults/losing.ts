import { seedOfRun } from './seed.ts';

/** Splits a stream of bytes into its messages. */
export interface Framing {
  /** Where the message that begins here ends, or -1 where more bytes are needed. */
  readonly endOf: (bytes: Buffer, start: number) => number;
  /** Whether it is one that may get lost. */
  readonly mayBeLost: (message: Buffer) => boolean;
}

/** Loses some of what servers push, at random. */
export interface Loss {
  readonly lost: number;
  begin(): void;
  end(): void;
  /** For one connection. */
  filter(framing: Framing): (bytes: Buffer) => Buffer;
}

/** One in so many is lost. */
const ODDS = 4;

export function createLoss(): Loss {
  const random = createRandom(seedOfRun());
  let isLosing = false;
  let lost = 0;
  return {
    get lost() {
      return lost;
    },
    begin: () => (isLosing = true),
    end: () => (isLosing = false),
    filter({ endOf, mayBeLost }) {
      let rest = Buffer.alloc(0);
      return (bytes) => {
        const all = Buffer.concat([rest, bytes]);
        const passed: Buffer[] = [];
        let start = 0;
        for (let end = endOf(all, start); end >= 0; end = endOf(all, start)) {
          const message = all.subarray(start, end);
          start = end;
          if (isLosing && mayBeLost(message) && random() * ODDS < 1) lost += 1;
          else passed.push(message);
        }
        rest = all.subarray(start);
        return Buffer.concat(passed);
      };
    },
  };
}

/** Redis: values of RESP 2 or 3, of which published messages are pushes or arrays that begin with a word. */
export function redisPushes(): Framing {
  return {
    endOf: endOfValue,
    mayBeLost: (message) => /^[>*]\d+\r\n\$8\r\nsmessage\r\n/.test(message.toString('latin1', 0, 24)),
  };
}

/** Postgres: a type, and how long the rest is. */
export function postgresNotifications(): Framing {
  return {
    endOf(bytes, start) {
      if (bytes.length < start + 5) return -1;
      const end = start + 1 + bytes.readUInt32BE(start + 1);
      return end <= bytes.length ? end : -1;
    },
    mayBeLost: (message) => message[0] === 'A'.charCodeAt(0),
  };
}

function endOfValue(bytes: Buffer, start: number): number {
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd < 0) return -1;
  const after = lineEnd + 2;
  const count = Number(bytes.toString('latin1', start + 1, lineEnd));
  switch (String.fromCharCode(bytes[start] ?? 0)) {
    case '$':
    case '=':
    case '!':
      return count < 0 ? after : after + count + 2 <= bytes.length ? after + count + 2 : -1;
    case '*':
    case '~':
    case '>':
      return endOfValues(bytes, after, count);
    case '%':
      return endOfValues(bytes, after, 2 * count);
    default:
      return after;
  }
}

function endOfValues(bytes: Buffer, start: number, count: number): number {
  let end = start;
  for (let index = 0; index < count && end >= 0; index += 1)
    end = end < bytes.length ? endOfValue(bytes, end) : -1;
  return end;
}

/** A linear congruential generator: numbers from 0 up to 1. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
