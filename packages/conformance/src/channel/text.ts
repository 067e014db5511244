import type { Message } from '@holdfast/channel';

/** The text of a message; empty where there is no message, or no text in it. */
export function textOf(message: Message | undefined): string {
  return typeof message?.data === 'string' ? message.data : '';
}
