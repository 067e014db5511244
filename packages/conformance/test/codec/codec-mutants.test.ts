import { control, type Decoder, type Encoder } from '@holdfast/codec';
import { describe, expect, it } from 'vitest';
import {
  CODEC_LAWS,
  describeCodec,
  readLog,
  runCodecLaw,
  type CodecLawId,
  type CodecSubject,
} from '../../src/codec.ts';
import { foldMemo, MEMO_STREAMS, type MemoChunk } from './memo.ts';
import { memoCodec } from './memo-codec.ts';

const honest: CodecSubject<MemoChunk> = {
  codec: memoCodec,
  streams: MEMO_STREAMS,
  fold: foldMemo,
  unknown: { type: 'future', more: [1] },
  transient: { type: 'hint', text: 'psst' },
  call(chunk) {
    if (chunk.type === 'call') return { is: 'run', id: chunk.id };
    return chunk.type === 'done' ? { is: 'settled', id: chunk.id } : undefined;
  },
};

describeCodec({ name: 'the memo codec', ...honest });

type MemoEncoder = Encoder<MemoChunk>;
type MemoDecoder = Decoder<MemoChunk>;
type Codec = typeof memoCodec;

/** A codec whose encoder is not what it should be. */
function encoding(change: (encoder: MemoEncoder, log: string | undefined) => Partial<MemoEncoder>): Codec {
  return {
    ...memoCodec,
    encoder(log) {
      const encoder = memoCodec.encoder(log);
      return { ...encoder, ...change(encoder, log) };
    },
  };
}

/** A codec whose decoder is not what it should be. */
function decoding(change: (decoder: MemoDecoder) => Partial<MemoDecoder>): Codec {
  return {
    ...memoCodec,
    decoder() {
      const decoder = memoCodec.decoder();
      return { ...decoder, ...change(decoder) };
    },
  };
}

/** For each law a faulty codec; that there is one for each, the type says. */
const MUTANTS: Readonly<Record<CodecLawId, Codec>> = {
  // Writes the texts that wait in the order of their parts' names.
  'I11.coalesced': encoding((encoder) => {
    let taken = 0;
    return {
      take: () => ((taken += 1) === 1 ? encoder.take().replaceAll(control(1), control(0)) : encoder.take()),
    };
  }),
  // Waits for more where little came, and forgets it.
  'I11.cuts': decoding((decoder) => ({
    show: (content) =>
      decoder.show(content)?.filter((chunk) => chunk.type !== 'add' || chunk.text.length > 1),
  })),
  // Skips what came before it began to listen.
  'I11.joins': decoding((decoder) => {
    let isFirst = true;
    return {
      show(content) {
        const chunks = decoder.show(content);
        const shown = isFirst && content.parts.length > 1 ? chunks?.slice(1) : chunks;
        isFirst = false;
        return shown;
      },
    };
  }),
  // Begins anew instead of going on.
  'I11.goes-on': { ...memoCodec, encoder: () => memoCodec.encoder() },
  // Forgets that it has settled.
  'I11.settled': encoding((encoder) => ({
    settle(reason) {
      encoder.settle(reason);
      encoder.write({ type: 'done', id: 'c', output: null });
    },
  })),
  // Leaves everything open.
  'I11.open': encoding(() => ({ settle() {} })),
  // Shows what it takes back once more, without taking it back.
  'I11.rewound': decoding((decoder) => ({
    show: (content) => decoder.show(content)?.filter(({ type }) => type !== 'reset'),
  })),
  // Begins again for nothing.
  'I11.nothing-taken-back': decoding((decoder) => {
    let isFirst = true;
    return {
      show(content) {
        const chunks = decoder.show(content);
        const again = isFirst ? chunks : [{ type: 'reset' } as const, ...(chunks ?? [])];
        isFirst = false;
        return again;
      },
    };
  }),
  // Makes a client run whatever it joins.
  'I11.not-run-again': decoding((decoder) => ({
    show: (content) =>
      decoder
        .show(content)
        ?.map((chunk) => (chunk.type === 'recall' ? { type: 'call', id: chunk.id } : chunk)),
  })),
  // Drops line feeds and record separators.
  'I12.lossless': encoding((encoder) => ({
    write: (chunk) =>
      encoder.write(chunk?.type === 'add' ? { ...chunk, text: chunk.text.replaceAll('\u001e', '') } : chunk),
  })),
  // Keeps the type of an unknown chunk only.
  'I12.unknown': encoding((encoder) => ({
    write: (chunk) => encoder.write(chunk?.type === 'future' ? { ...chunk, more: [] } : chunk),
  })),
  // Trusts that a chunk is one.
  'I12.anything': encoding((encoder) => ({
    write: (chunk) => encoder.write({ ...chunk, type: chunk.type } as MemoChunk),
  })),
  // Keeps what is to be seen once.
  'I12.transient': encoding((encoder) => ({
    write(chunk) {
      encoder.write(chunk);
      if (chunk?.type === 'hint') encoder.write({ type: 'future', more: [] });
    },
  })),
  // Never lets a client run anything.
  'I12.run': decoding((decoder) => ({
    show: (content) =>
      decoder
        .show(content)
        ?.map((chunk) => (chunk.type === 'call' ? { type: 'recall', id: chunk.id } : chunk)),
  })),
  // Gives a model what was not read.
  'I12.threaded': { ...memoCodec, prompt: (branch) => Promise.resolve(branch) },
  // Goes on only with what it knows to the last control.
  'I13.later': {
    ...memoCodec,
    encoder: (log = '') => memoCodec.encoder(log.includes('holdfast-later') ? '' : log),
  },
  // Believes that something was begun.
  'I13.broken': decoding((decoder) => ({
    show: (content) => (content.parts.length > 0 ? decoder.show(content) : [{ type: 'end', id: 'a' }]),
  })),
  // Sends a control on in two halves.
  'I13.whole': encoding((encoder) => {
    let held = '';
    return {
      take() {
        const all = held + encoder.take();
        const at = all.lastIndexOf('\n') === all.length - 1 && all.length > 9 ? all.length - 3 : all.length;
        held = all.slice(at);
        return all.slice(0, at);
      },
    };
  }),
};

describe('each law catches its mutant', () => {
  for (const law of CODEC_LAWS) {
    it(`${law.id}: ${law.title}`, async () => {
      const result = await runCodecLaw(law, { ...honest, codec: MUTANTS[law.id] });
      expect(result.status).toBe('broken');
    });
  }
});

it('a law that needs chunks which the framework has not is left out, with the reason', async () => {
  const { transient: _transient, ...without } = honest;
  const law = CODEC_LAWS.find(({ id }) => id === 'I12.transient');
  expect(law && (await runCodecLaw(law, without))).toMatchObject({
    status: 'skipped',
    reason: "the framework has no 'transient' chunks",
  });
});

it('a skip must name a law and give a reason', () => {
  const [law] = CODEC_LAWS;
  const run = (skip: object) => () => law && runCodecLaw(law, { ...honest, skip });
  expect(run({ 'I11.none': 'why not' })).toThrow(TypeError);
  expect(run({ 'I11.cuts': ' ' })).toThrow(TypeError);
});

it('the mutants differ from the honest codec by one fault: the format of what they write is read', () => {
  const open = control(['open', 'text', { id: 'a', x: { memo: 'a' } }]);
  expect(readLog(memoCodec).push(open)).toEqual([{ type: 'begin', id: 'a' }]);
});
