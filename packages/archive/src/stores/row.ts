import type { ArchivedMessage } from '../archive.ts';

/**
 * An entry as text. JSON escapes U+0000 and unpaired surrogates, which databases refuse in text.
 */
export function toText(entry: ArchivedMessage): string {
  return JSON.stringify(entry);
}

export function fromText(text: string): ArchivedMessage {
  return JSON.parse(text) as ArchivedMessage;
}
