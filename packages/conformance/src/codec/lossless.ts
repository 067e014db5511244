import { same } from '../law/violation.ts';
import { appendsOf, decode, foldsTo } from './acts.ts';
import { defineLaw } from './law.ts';

export const lossless = defineLaw({
  id: 'I12.lossless',
  title: "every stream's log folds to the message of the stream, by the framework's own reducer",
  async check(subject) {
    for (const stream of subject.streams) {
      await foldsTo(subject, stream, appendsOf(subject, stream.chunks), 'append by append');
    }
  },
});

export const unknown = defineLaw({
  id: 'I12.unknown',
  title: 'a chunk of an unknown type comes out as it went in, wherever it stands',
  async check(subject) {
    const [stream] = subject.streams;
    const before = stream?.chunks.slice(0, Math.ceil(stream.chunks.length / 2)) ?? [];
    for (const chunks of [[subject.unknown], [...before, subject.unknown]]) {
      same(decode(subject, appendsOf(subject, chunks)).at(-1), subject.unknown, 'the unknown chunk');
    }
  },
});

export const anything = defineLaw({
  id: 'I12.anything',
  title: 'nothing that a chunk contains makes an encoder throw, and it writes on',
  async check(subject) {
    const cycle: Record<string, unknown> = { type: 'cycle' };
    cycle['self'] = cycle;
    const hostile = [
      null,
      undefined,
      7,
      'text',
      {},
      [],
      { type: 7 },
      { type: 'toString' },
      cycle,
      { type: 'big', n: 10n },
    ];
    for (const stream of subject.streams) {
      const encoder = subject.codec.encoder();
      for (const chunk of hostile) encoder.write(chunk);
      const log = encoder.take();
      for (const chunk of stream.chunks) encoder.write(chunk);
      // What became of the hostile ones is the codec's affair: the stream after them is not to suffer.
      const hostileOnly = decode(subject, [log]).length;
      const rest = decode(subject, [log, encoder.take()]).slice(hostileOnly);
      same(
        await subject.fold(rest),
        await subject.fold(stream.chunks),
        `'${stream.name}' after hostile chunks`,
      );
    }
  },
});

export const transient = defineLaw({
  id: 'I12.transient',
  title: 'a transient chunk is handed out as a signal, once, and never stored',
  requires: ['transient'],
  async check({ codec, transient: chunk }) {
    const encoder = codec.encoder();
    encoder.write(chunk);
    same(encoder.take(), '', 'what is stored of a transient chunk');
    same(encoder.takeSignals(), [chunk], 'the signals');
    same(encoder.takeSignals(), [], 'the signals, taken again');
  },
});
