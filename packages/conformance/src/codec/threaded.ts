import { createContentFold, createThreadSplit, type Content, type ContentMessage } from '@holdfast/codec';
import { holds, same } from '../law/violation.ts';
import { appendsOf, decode } from './acts.ts';
import { defineLaw } from './law.ts';

/** Shorter thoughts may well be said elsewhere, too. */
const TELLING = 2;

export const threaded = defineLaw({
  id: 'I12.threaded',
  title:
    'a log without the words of its reasoning is read and prompts a model, and with them again prompts it as ever',
  async check(subject) {
    const { codec, streams } = subject;
    for (const { name, chunks } of streams) {
      const appends = appendsOf(subject, chunks);
      const { log, threads } = split(appends);
      const thoughts = [...threads.values()].filter(({ length }) => length >= TELLING);
      holds(!thoughts.some((text) => log.join('').includes(text)), `'${name}' says a thought in its log`);
      decode(subject, log);
      const content = contentOf(log);
      const unread = JSON.stringify(await codec.prompt([answer(content)])) ?? '';
      holds(!unread.includes(ID), `'${name}' prompts a model with what was not read`);
      same(
        await codec.prompt([answer(joined(content, threads))]),
        await codec.prompt([answer(contentOf(appends))]),
        `'${name}', as a prompt`,
      );
    }
  },
});

const ID = 'holdfast-thread';

/** The log as it is published where reasoning is threaded, and what is beside it. */
function split(appends: readonly string[]): {
  readonly log: readonly string[];
  readonly threads: ReadonlyMap<string, string>;
} {
  const threads = new Map<string, string>();
  const log: string[] = [];
  const idOf = (n: number): string => `${ID}-${n}`;
  const splitting = createThreadSplit('', {
    text(n, text) {
      const id = idOf(n);
      if (!threads.has(id)) log.push(splitting.announce(n, id));
      threads.set(id, (threads.get(id) ?? '') + text);
    },
    close: (n) => threads.get(idOf(n))?.length ?? 0,
  });
  for (const frames of appends) log.push(splitting.push(frames));
  return { log, threads };
}

function contentOf(log: readonly string[]): Content {
  const fold = createContentFold();
  for (const piece of log) fold.push(piece);
  return fold.content;
}

function joined({ parts, ...head }: Content, threads: ReadonlyMap<string, string>): Content {
  return {
    ...head,
    parts: parts.map((part) => {
      if (part.type !== 'reasoning' || part.thread === undefined) return part;
      const { thread, length: _length, ...own } = part;
      return { ...own, text: thread.map((id) => threads.get(id)).join('') + part.text };
    }),
  };
}

function answer(content: Content): ContentMessage {
  return { id: 'answer', role: 'assistant', ...content };
}
