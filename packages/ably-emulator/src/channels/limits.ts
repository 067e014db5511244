import { refusal } from '../protocol/errors.ts';

/** What one client may ask of the server. */
export interface AblyLimits {
  /** The largest message, in bytes of data, name, client id and extras; grown ones included. Default 65,536. */
  readonly messageBytes?: number;
  /** Messages and annotations per second and connection; what is over it is refused (42911). Default: no limit. */
  readonly messagesPerSecond?: number;
}

export interface Measured {
  readonly name?: string | undefined;
  readonly clientId?: string | undefined;
  readonly extras?: unknown;
  readonly data: unknown;
  readonly encoding?: string | undefined;
}

/** Counts as the client counts. */
export function sizeOf({ name = '', clientId = '', extras, data, encoding = '' }: Measured): number {
  const text = typeof data === 'string' ? data : '';
  const bytes = encoding.endsWith('base64') ? Math.floor((text.length * 3) / 4) : Buffer.byteLength(text);
  return name.length + clientId.length + bytes + (extras === undefined ? 0 : JSON.stringify(extras).length);
}

/** @throws AblyError 40009 */
export function checkSize(bytes: number, most: number): void {
  if (bytes <= most) return;
  throw refusal('tooLarge', `The message would have ${bytes} bytes; at most ${most} are allowed.`);
}

/** Counts what one connection sends, a second at a time. */
export function createRate(perSecond: number | undefined, now: () => number) {
  let second = 0;
  let used = 0;
  return (count: number): void => {
    if (perSecond === undefined) return;
    const current = Math.floor(now() / 1000);
    used = current === second ? used + count : count;
    second = current;
    if (used > perSecond)
      throw refusal('tooFast', `This connection may send ${perSecond} messages per second.`);
  };
}
