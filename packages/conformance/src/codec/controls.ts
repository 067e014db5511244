import { control } from '@holdfast/codec';
import { holds } from '../law/violation.ts';
import { appendsOf, foldsTo, logOf } from './acts.ts';
import { defineLaw } from './law.ts';
import { readLog } from './read-log.ts';

export const later = defineLaw({
  id: 'I13.later',
  title: 'controls of a later version are passed over, by who reads and by who goes on',
  async check(subject) {
    const more = control(['holdfast-later', 'x', { a: 1 }]);
    for (const stream of subject.streams) {
      const pieces = appendsOf(subject, stream.chunks).flatMap((append) => [append, more]);
      await foldsTo(subject, stream, [more, ...pieces], 'with later controls in between');
      const [first, ...others] = stream.chunks;
      const log = more + logOf(subject, [first]) + more;
      const encoder = subject.codec.encoder(log);
      for (const chunk of others) encoder.write(chunk);
      await foldsTo(subject, stream, [log, encoder.take()], 'gone on with after a later control');
    }
  },
});

export const broken = defineLaw({
  id: 'I13.broken',
  title: 'no log makes a decoder throw, nor what it gives make the reducer fail',
  async check(subject) {
    const { codec, streams, fold } = subject;
    for (const { chunks } of streams) {
      const log = logOf(subject, chunks);
      const frames = log.split('\u001e');
      const logs = [
        // Without its beginning, out of order, twice, each control on its own, and with what is none.
        frames.slice(Math.ceil(frames.length / 2)),
        [...frames].reverse(),
        [...frames, ...frames],
        ...frames.map((frame) => [frame]),
        ['', '{}\n', 'null\n', '[]\n', '[7]\n', '["open"\n', ...frames],
      ];
      for (const each of logs) await fold(readLog(codec).push(each.join('\u001e')));
    }
  },
});

export const whole = defineLaw({
  id: 'I13.whole',
  title: 'every append is well-formed text that ends outside of a control',
  async check(subject) {
    for (const { name, chunks } of subject.streams) {
      for (const append of appendsOf(subject, chunks)) {
        const isWhole = append.lastIndexOf('\n') > append.lastIndexOf('\u001e') || !append.includes('\u001e');
        holds(isWhole, `'${name}': an append ends inside a control: ${JSON.stringify(append)}`);
        holds(!/\p{Surrogate}/u.test(append), `'${name}': an append is no text: ${JSON.stringify(append)}`);
      }
    }
  },
});
