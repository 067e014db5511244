import { decode, encode } from '@msgpack/msgpack';
import type { OutboundFrame } from './frames.ts';

/** How a client wants things written. Both hold the same maps; only binary data differs. */
export type Format = 'json' | 'msgpack';

const LISTS = ['messages', 'presence', 'annotations'] as const;
const BASE64 = /(^|\/)base64$/;

export function encodeBody(value: unknown, format: Format): string | Uint8Array {
  return format === 'json' ? JSON.stringify(value) : encode(toBinary(value), { ignoreUndefined: true });
}

/** @throws where it is neither */
export function decodeBody(body: Uint8Array, format: Format): unknown {
  return format === 'json' ? JSON.parse(Buffer.from(body).toString('utf8')) : toText(decode(body));
}

export function encodeFrame(frame: OutboundFrame, format: Format): string | Uint8Array {
  return encodeBody(format === 'json' ? frame : mapLists(frame, toBinary), format);
}

export function decodeFrame(body: Uint8Array, format: Format): unknown {
  const value = decodeBody(body, format);
  return format === 'json' || !isRecord(value) ? value : mapLists(value, toText);
}

function mapLists(frame: Readonly<Record<string, unknown>>, map: (item: unknown) => unknown) {
  const lists = LISTS.flatMap((list) => {
    const items = frame[list];
    return Array.isArray(items) ? [[list, items.map(map)] as const] : [];
  });
  return { ...frame, ...Object.fromEntries(lists) };
}

/** Binary data as base64, which is how it is kept and how JSON has it. */
function toText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toText);
  if (!isRecord(value) || !(value['data'] instanceof Uint8Array)) return value;
  const { data, encoding } = value;
  return {
    ...value,
    data: Buffer.from(data).toString('base64'),
    encoding: typeof encoding === 'string' && encoding !== '' ? `${encoding}/base64` : 'base64',
  };
}

/** The other way round. */
function toBinary(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toBinary);
  if (!isRecord(value)) return value;
  const { data, encoding } = value;
  if (typeof data !== 'string' || typeof encoding !== 'string' || !BASE64.test(encoding)) return value;
  const rest = encoding.replace(BASE64, '');
  return { ...value, data: Buffer.from(data, 'base64'), encoding: rest === '' ? undefined : rest };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
