import type { Message, Serial } from '@holdfast/channel';
import type { Projection } from '../../src/projection/types.ts';
import { project } from './dump.ts';
import { ANN, createScript, run, T, W } from './session-script.ts';
import type { Script, Speaker } from './session-script.ts';

export const RUN = run('q');

/** One change of a channel that holds one question. */
export type Change =
  | { readonly do: 'ask' }
  | { readonly do: 'cancel' }
  | { readonly do: 'claim'; readonly writer: number; readonly after?: Serial }
  | { readonly do: 'append'; readonly writer: number; readonly on: Serial; readonly data: string };

/** What a channel may come to hold. Each exists once: the same changes make the same object. */
export interface SmallLog {
  readonly id: number;
  readonly changes: readonly Change[];
  /** The log after its first `count` changes. */
  first(count: number): SmallLog;
  grow(change: Change): SmallLog;
  /** The logs that one more change has made of it. */
  readonly grown: Iterable<SmallLog>;
  /** What a reader sees who has read these changes out of history. */
  readonly view: Projection;
}

const SPEAKERS: readonly Speaker[] = [W, T];

export function openSmallLog(): SmallLog {
  let count = 0;
  const create = (changes: readonly Change[], prefixes: readonly SmallLog[]): SmallLog => {
    const grown = new Map<string, SmallLog>();
    let view: Projection | undefined;
    const log: SmallLog = {
      id: (count += 1),
      changes,
      first: (length) => prefixes[length] ?? log,
      grow(change) {
        const key = JSON.stringify(change);
        const next = grown.get(key) ?? create([...changes, change], [...prefixes, log]);
        grown.set(key, next);
        return next;
      },
      get grown() {
        return grown.values();
      },
      get view() {
        return (view ??= project(replay(changes)));
      },
    };
    return log;
  };
  return create([], []);
}

/** The messages as they stand after some changes; `listener` is told of each as it stands after each change. */
export function replay(
  changes: readonly Change[],
  listener: (message: Message) => void = () => {},
): readonly Message[] {
  const script = createScript(listener);
  for (const change of changes) applyChange(script, change);
  return script.messages;
}

function applyChange(script: Script, change: Change): void {
  switch (change.do) {
    case 'ask':
      script.ask(ANN, 'q');
      return;
    case 'cancel':
      script.say(ANN, 'k', { kind: 'cancel', run: RUN });
      return;
    case 'claim': {
      const { after } = change;
      script.claim(SPEAKERS[change.writer] ?? W, 'q', after === undefined ? {} : { after });
      return;
    }
    case 'append': {
      const message = script.messages.find(({ serial }) => serial === change.on);
      if (message !== undefined) script.append(message, change.data);
    }
  }
}

/** The serial of a message that the change with this index creates: a script counts changes from 1. */
export function serialOf(index: number): Serial {
  return String(index + 1).padStart(6, '0') as Serial;
}
