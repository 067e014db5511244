import { standingLength } from '@holdfast/codec';
import { holds, same } from '../law/violation.ts';
import { appendsOf, places } from './acts.ts';
import { defineLaw } from './law.ts';
import { readLog } from './read-log.ts';

export const rewound = defineLaw({
  id: 'I11.rewound',
  title: 'what is taken back and pushed again is shown once',
  async check({ codec, streams, fold, ...rest }) {
    for (const { name, chunks } of streams) {
      const log = appendsOf({ codec, streams, fold, ...rest }, chunks).join('');
      for (const length of places(log.length)) {
        const reading = readLog(codec);
        const shown = [...reading.push(log)];
        const back = reading.rewind(length);
        // Where a framework has no way back, the message is replayed.
        if (back === undefined) continue;
        const standing = standingLength(log, length) ?? log.length;
        const all = [...shown, ...back, ...reading.push(log.slice(standing))];
        same(await fold(all), await fold(chunks), `'${name}', taken back to ${length}`);
      }
    }
  },
});

export const notRewound = defineLaw({
  id: 'I11.nothing-taken-back',
  title: 'taking nothing back gives no chunks',
  async check(subject) {
    for (const { name, chunks } of subject.streams) {
      const log = appendsOf(subject, chunks).join('');
      const reading = readLog(subject.codec);
      reading.push(log);
      for (const length of [log.length, log.length + 7]) {
        same(reading.rewind(length), [], `'${name}', taken back to ${length} of ${log.length}`);
      }
    }
    holds(subject.streams.length > 0, 'there is no stream to check with');
  },
});
