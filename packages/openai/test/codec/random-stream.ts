import fc from 'fast-check';
import type { ProviderEvent as Event } from '@holdfast/testing/model-provider';
import * as make from '@holdfast/testing/responses-stream';

const delta = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
  fc.constant('\u001e😀'),
  fc.string({ unit: 'binary', maxLength: 2 }),
);
const deltas = fc.array(delta, { minLength: 1, maxLength: 4 });
const json = fc.oneof(
  fc.json({ maxDepth: 2 }),
  fc.json({ maxDepth: 1 }).map((text) => ` ${text}`),
  fc.constantFrom('', '{"a":', '{"a": 1}', '"text"', '1.0'),
);
const url = fc.record({ type: fc.constant('url_citation'), url: fc.webUrl(), title: fc.string() });

const item: fc.Arbitrary<make.Item> = fc.oneof(
  deltas.map((said) => make.text(...said)),
  fc
    .array(
      fc.oneof(
        deltas.map((refusal) => ({ refusal })),
        fc.record({ deltas, annotations: fc.array(url, { maxLength: 2 }) }),
      ),
      { maxLength: 3 },
    )
    .map((parts) => make.message(...parts)),
  fc
    .tuple(fc.option(fc.string(), { nil: undefined }), fc.array(deltas, { maxLength: 2 }))
    .map(([sealed, thoughts]) => make.summary(sealed, ...thoughts)),
  deltas.map((said) => make.thought(...said)),
  json.map((args) => make.functionCall('tool', args)),
  fc.string().map(make.customCall),
  fc.string().map(make.code),
  fc.tuple(json, fc.string()).map(([args, output]) => make.mcpCall(args, { status: 'completed', output })),
  fc
    .jsonValue({ maxDepth: 2 })
    .map((action) => make.served('web_search', ['in_progress', 'searching', 'completed'], { action })),
  fc
    .jsonValue({ maxDepth: 2 })
    .map((extra) => make.whole({ type: 'later_call', status: 'completed', extra })),
);

const end = fc.constantFrom('response.completed', 'response.incomplete', 'response.failed', 'none');

/** Responses one after the other, some of them broken off, some with items that go on beside each other. */
export const streams: fc.Arbitrary<readonly Event[]> = fc
  .array(fc.record({ items: fc.array(item, { maxLength: 4 }), end, cut: fc.nat(40), mix: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((turns) =>
    turns.flatMap(({ items, end: type, cut, mix }, n) => {
      const whole = make.response(items, { type, id: `resp_${n}` });
      const stream = mix ? interleave(whole) : whole;
      return type === 'none' ? stream.slice(0, Math.max(1, stream.length - cut)) : stream;
    }),
  );

/** The same events with those of different items in between each other, each item's own in their order. */
function interleave(stream: readonly Event[]): readonly Event[] {
  const lanes = new Map<number, Event[]>();
  const [first, second, ...rest] = stream;
  const last = rest.filter((event) => event['output_index'] === undefined);
  for (const event of rest) {
    const { output_index: index } = event;
    if (typeof index === 'number') lanes.set(index, [...(lanes.get(index) ?? []), event]);
  }
  const mixed: Event[] = [];
  // Items begin in their order.
  for (const lane of lanes.values()) mixed.push(...lane.splice(0, 1));
  while ([...lanes.values()].some(({ length }) => length > 0))
    for (const lane of lanes.values()) mixed.push(...lane.splice(0, 1));
  return [first, second, ...mixed, ...last].filter((event) => event !== undefined);
}
