import { appendsOf, foldsTo, logOf, places } from './acts.ts';
import { defineLaw } from './law.ts';

export const coalesced = defineLaw({
  id: 'I11.coalesced',
  title: 'however much is taken at once, the log folds to the message of the stream',
  async check(subject) {
    for (const stream of subject.streams) {
      await foldsTo(subject, stream, [logOf(subject, stream.chunks)], 'taken at once');
      const encoder = subject.codec.encoder();
      const pairs = stream.chunks.map((chunk, index) => {
        encoder.write(chunk);
        return index % 2 === 1 ? encoder.take() : '';
      });
      await foldsTo(subject, stream, [...pairs, encoder.take()], 'taken after every second chunk');
    }
  },
});

export const cuts = defineLaw({
  id: 'I11.cuts',
  title: 'the log may be cut anywhere, inside of controls and surrogate pairs too',
  async check(subject) {
    for (const stream of subject.streams) {
      const log = appendsOf(subject, stream.chunks).join('');
      for (const at of places(log.length)) {
        await foldsTo(subject, stream, [log.slice(0, at), log.slice(at)], `cut at ${at}`);
      }
      await foldsTo(subject, stream, log.split(''), 'one code unit at a time');
    }
  },
});

export const joins = defineLaw({
  id: 'I11.joins',
  title: 'who joins late gets the log so far at once, then the appends, and shows the same',
  async check(subject) {
    for (const stream of subject.streams) {
      const appends = appendsOf(subject, stream.chunks);
      for (const at of places(appends.length)) {
        const pieces = [appends.slice(0, at).join(''), ...appends.slice(at)];
        await foldsTo(subject, stream, pieces, `joined after ${at} appends`);
      }
    }
  },
});

/** Text that ends in a high surrogate, as JSON shows it. */
const HALF = /\\ud[89ab][\da-f]{2}"/u;

export const goesOn = defineLaw({
  id: 'I11.goes-on',
  title: 'another encoder goes on with the log, wherever the first one stopped',
  async check(subject) {
    for (const stream of subject.streams) {
      for (const at of places(stream.chunks.length)) {
        // Half a pair that waits for its other half is lost with the encoder that held it.
        if (HALF.test(JSON.stringify(stream.chunks[at - 1]) ?? '')) continue;
        const log = logOf(subject, stream.chunks.slice(0, at));
        const encoder = subject.codec.encoder(log);
        for (const chunk of stream.chunks.slice(at)) encoder.write(chunk);
        await foldsTo(subject, stream, [log, encoder.take()], `handed over after ${at} chunks`);
      }
    }
  },
});
