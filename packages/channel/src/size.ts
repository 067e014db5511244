import type { Draft } from './message.ts';

const utf8 = new TextEncoder();

/** What a message counts towards `maxMessageBytes`: its id, name, data and headers as UTF-8 JSON. */
export function messageBytes({ id, name, data, headers = {} }: Draft): number {
  return utf8.encode(JSON.stringify([id, name, data, headers])).length;
}

/** What text adds to a message's size when it is appended. */
export function textBytes(text: string): number {
  return utf8.encode(JSON.stringify(text)).length - 2;
}
