import { same } from '../law/violation.ts';
import { appendsOf, decode, places } from './acts.ts';
import { defineLaw } from './law.ts';
import { readLog } from './read-log.ts';

export const notRunAgain = defineLaw({
  id: 'I11.not-run-again',
  title: 'no push makes a client run a call whose result is in it',
  requires: ['call'],
  async check(subject) {
    const { call = () => undefined, codec, streams } = subject;
    for (const { name, chunks } of streams) {
      const appends = appendsOf(subject, chunks);
      for (const at of places(appends.length)) {
        const reading = readLog(codec);
        for (const piece of [appends.slice(0, at).join(''), appends.slice(at).join('')]) {
          const calls = reading.push(piece).flatMap((chunk) => call(chunk) ?? []);
          const settledHere = new Set(calls.filter(({ is }) => is === 'settled').map(({ id }) => id));
          const run = calls.filter(({ is, id }) => is === 'run' && settledHere.has(id));
          same(run, [], `'${name}': calls that a push would run again`);
        }
      }
    }
  },
});

export const run = defineLaw({
  id: 'I12.run',
  title: 'a call that is not settled yet is run by who sees it live',
  requires: ['call'],
  async check(subject) {
    const { call = () => undefined } = subject;
    for (const { name, chunks } of subject.streams) {
      const idsOf = (of: readonly unknown[]): readonly string[] =>
        of.flatMap((chunk) => {
          const found = call(chunk);
          return found?.is === 'run' ? [found.id] : [];
        });
      same(
        idsOf(decode(subject, appendsOf(subject, chunks))),
        idsOf(chunks),
        `'${name}': the calls that run live`,
      );
    }
  },
});
