import { holds, same } from '../law/violation.ts';
import { logOf } from './acts.ts';
import { defineLaw } from './law.ts';
import { readLog } from './read-log.ts';

export const settled = defineLaw({
  id: 'I11.settled',
  title: 'settling is done once, by the encoder or by another one, and then there is nothing to settle',
  async check(subject) {
    for (const { name, chunks } of subject.streams) {
      for (let at = 0; at <= chunks.length; at += 1) {
        const log = logOf(subject, chunks.slice(0, at));
        const encoder = subject.codec.encoder(log);
        encoder.settle('stopped');
        const whole = log + encoder.take();
        for (const again of [encoder, subject.codec.encoder(whole)]) {
          again.settle('stopped');
          same(again.take(), '', `'${name}' after ${at} chunks, settled again`);
        }
        await subject.fold(readLog(subject.codec).push(whole));
      }
    }
  },
});

export const open = defineLaw({
  id: 'I11.open',
  title: 'settling closes what a stream left open',
  async check(subject) {
    const left = subject.streams.some(({ chunks }) =>
      chunks.some((_, at) => {
        const encoder = subject.codec.encoder(logOf(subject, chunks.slice(0, at + 1)));
        encoder.settle('stopped');
        return encoder.take() !== '';
      }),
    );
    holds(left, 'no stream, stopped anywhere, left anything to settle');
  },
});
