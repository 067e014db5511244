import fc from 'fast-check';
import type { ProviderEvent as Event } from '@holdfast/testing/model-provider';
import * as make from '@holdfast/testing/messages-stream';

const delta = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
  fc.constant('\u001e😀'),
  fc.string({ unit: 'binary', maxLength: 2 }),
);
const deltas = fc.array(delta, { maxLength: 4 });
/** An input, spelled in some way and cut in two. */
const input = fc
  .tuple(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }), fc.nat(20), fc.boolean())
  .map(([value, at, isSpaced]) => {
    const text = JSON.stringify(value, undefined, isSpaced ? 1 : 0);
    return [text.slice(0, at), text.slice(at)];
  });
const citation = fc.record({
  type: fc.constant('web_search_result_location'),
  url: fc.webUrl(),
  title: fc.string(),
  cited_text: fc.string(),
});

const blocks: fc.Arbitrary<readonly make.Block[]> = fc.oneof(
  deltas.map((said) => [make.text(...said)]),
  fc.tuple(deltas, fc.array(citation, { maxLength: 2 })).map(([said, from]) => [make.cited(said, from)]),
  fc.tuple(fc.string(), deltas).map(([signature, said]) => [make.thinking(signature, ...said)]),
  fc.string().map((data) => [make.block({ type: 'redacted_thinking', data })]),
  input.map((pieces) => [make.call('tool', pieces)]),
  fc
    .tuple(input, fc.jsonValue({ maxDepth: 2 }))
    .map(([pieces, content]) => make.served('web_search', pieces, 'web_search_tool_result', content)),
  fc.jsonValue({ maxDepth: 2 }).map((extra) => [make.block({ type: 'later_block', extra })]),
);

const reason = fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'pause_turn', 'later_reason');

/** Messages one after the other, some of them broken off. */
export const streams: fc.Arbitrary<readonly Event[]> = fc
  .array(
    fc.record({ made: fc.array(blocks, { maxLength: 4 }), reason, isCut: fc.boolean(), cut: fc.nat(12) }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((turns) =>
    turns.flatMap(({ made, isCut, cut, ...ending }) => {
      const stream = make.message(made.flat(), { ...ending, isCut });
      return isCut ? stream.slice(0, Math.max(1, stream.length - cut)) : stream;
    }),
  );
