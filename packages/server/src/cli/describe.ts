import type { AnnotationSummary, JsonValue, Message, Signal } from '@holdfast/channel';

/** How a session's log reads, a line for each thing that happens. */
export interface DescribeOptions {
  /** The longest a line's content may be, in characters. Default 160. */
  readonly width?: number;
}

const WIDTH = 160;
const INDENT = ' '.repeat(14);

/** A record with its time, name, author and content. */
export function describeMessage(message: Message, { width = WIDTH }: DescribeOptions = {}): string {
  const { name, clientId = '–', id } = message;
  const headers = Object.entries(message.headers).map(([key, value]) => `${key}=${value}`);
  const content = message.deleted === true ? ['(deleted)'] : [...headers, describeData(message.data)];
  const head = `${describeTime(message.timestamp)}  ${name.padEnd(10)} ${clientId.padEnd(12)} ${id}`;
  return `${head}  ${clip(content.filter((part) => part !== '').join('  '), width)}`;
}

/** Text that a record grew by. */
export function describeAppend(data: string, { width = WIDTH }: DescribeOptions = {}): string {
  return `${INDENT}+ ${clip(visible(data), width)}`;
}

export function describeSignal(signal: Signal, { width = WIDTH }: DescribeOptions = {}): string {
  const head = `${describeTime(signal.timestamp)}  ~${signal.name.padEnd(9)} ${(signal.clientId ?? '–').padEnd(12)}`;
  return `${head} ${clip(describeData(signal.data), width)}`;
}

export function describeAnnotations(serial: string, { types }: AnnotationSummary): string {
  return `${INDENT}* ${serial}  ${JSON.stringify(types)}`;
}

export function describeGap(): string {
  return `${INDENT}… a gap: history is read again`;
}

function describeData(data: JsonValue): string {
  return typeof data === 'string' ? visible(data) : JSON.stringify(data);
}

/** A frame log's separators as the documentation writes them. */
function visible(text: string): string {
  return text.replaceAll('\u001e', '␞').replaceAll('\n', '⏎');
}

function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/** The time of day, to the millisecond. */
function describeTime(timestamp: number): string {
  return new Date(timestamp).toISOString().slice(11, 23);
}
