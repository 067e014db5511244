import type { Cursor, Message, Page, Serial, Version } from '@holdfast/channel';
import type { ChangedMessage } from '@holdfast/channel/engine';

/** A page from two: each message once, in its later state, newest first, as far down as both reach. */
export function mergePages(hot: Page, cold: Page, limit: number): Page {
  const pages = [hot, cold];
  const ends = pages.flatMap(({ messages, next }) =>
    next === undefined ? [] : (messages.at(-1)?.serial ?? []),
  );
  const end = ends.reduce<string>((highest, serial) => (serial > highest ? serial : highest), '');
  const all = [...latestOf(pages.flatMap(({ messages }) => messages.map((message) => ({ message }))))]
    .map(({ message }) => message)
    .filter(({ serial }) => serial >= end)
    .sort((a, b) => (a.serial > b.serial ? -1 : 1));
  const messages = all.slice(0, limit);
  const last = messages.at(-1);
  return (ends.length > 0 || all.length > limit) && last !== undefined
    ? { messages, next: last.serial as string as Cursor }
    : { messages };
}

/** Each message once, in its later state, in order of change. */
export function mergeChanges(
  hot: readonly ChangedMessage[],
  cold: readonly ChangedMessage[],
): readonly ChangedMessage[] {
  return [...latestOf([...hot, ...cold])].sort((a, b) =>
    changedAt(a.message) < changedAt(b.message) ? -1 : 1,
  );
}

function latestOf<T extends { readonly message: Message }>(all: readonly T[]): Iterable<T> {
  const bySerial = new Map<Serial, T>();
  for (const each of all) {
    const other = bySerial.get(each.message.serial);
    if (other === undefined || changedAt(other.message) < changedAt(each.message))
      bySerial.set(each.message.serial, each);
  }
  return bySerial.values();
}

/** A message's last change of any kind. */
function changedAt({ version, annotations }: Message): Version {
  return annotations !== undefined && annotations.version > version ? annotations.version : version;
}
