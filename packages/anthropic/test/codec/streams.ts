import type { Event } from './fold.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Events of one block at its place in the content. */
export type Block = (index: number) => readonly Event[];

interface Ending {
  readonly reason?: string | undefined;
  readonly more?: Fields;
  readonly isCut?: boolean;
}

let ids = 0;

/** A whole message. */
export function message(
  blocks: readonly Block[],
  { reason = 'end_turn', more = {}, isCut = false }: Ending = {},
): readonly Event[] {
  const usage = { input_tokens: 12, output_tokens: 1, cache_read_input_tokens: 0, service_tier: 'standard' };
  const begun = {
    id: `msg_${(ids += 1)}`,
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  const end = [
    {
      type: 'message_delta',
      delta: { stop_reason: reason, stop_sequence: null, ...more },
      usage: { output_tokens: 30, server_tool_use: { web_search_requests: 1 } },
    },
    { type: 'message_stop' },
  ];
  return [
    { type: 'message_start', message: begun },
    ...blocks.flatMap((block, index) => block(index)),
    ...(isCut ? [] : end),
  ];
}

export function block(content: Fields, ...deltas: readonly Fields[]): Block {
  return (index) => [
    { type: 'content_block_start', index, content_block: content },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

export function text(...deltas: readonly string[]): Block {
  return block(
    { type: 'text', text: '', citations: null },
    ...deltas.map((each) => ({ type: 'text_delta', text: each })),
  );
}

export function cited(deltas: readonly string[], citations: readonly Fields[]): Block {
  return block(
    { type: 'text', text: '', citations: [] },
    ...citations.map((citation) => ({ type: 'citations_delta', citation })),
    ...deltas.map((each) => ({ type: 'text_delta', text: each })),
  );
}

export function thinking(signature: string, ...deltas: readonly string[]): Block {
  return block(
    { type: 'thinking', thinking: '', signature: '' },
    ...deltas.map((each) => ({ type: 'thinking_delta', thinking: each })),
    { type: 'signature_delta', signature },
  );
}

export function call(
  name: string,
  pieces: readonly string[],
  id = `toolu_${(ids += 1)}`,
  type = 'tool_use',
): Block {
  const deltas = pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json }));
  return block({ type, id, name, input: {}, caller: { type: 'direct' } }, ...deltas);
}

export function served(name: string, pieces: readonly string[], result: string, content: unknown): Block[] {
  const id = `srvtoolu_${(ids += 1)}`;
  return [call(name, pieces, id, 'server_tool_use'), block({ type: result, tool_use_id: id, content })];
}

const PAGE = {
  type: 'web_search_result',
  title: 'Airports of Lisbon',
  url: 'https://example.org/airports',
  encrypted_content: 'EqgfCioIARgBIiQ3YTAwMjY1Mi1mZjM5LTQ1NGUtODgxNC1kNjNjNTk1ZWI3Y',
  page_age: null,
};
const ON_PAGE = {
  type: 'web_search_result_location',
  cited_text: 'Lisbon has two airports.',
  encrypted_index: 'Eo8BCioIAhgB',
  title: PAGE.title,
  url: PAGE.url,
};
const IN_DOCUMENT = {
  type: 'char_location',
  cited_text: 'two airports',
  document_index: 0,
  document_title: 'Notes',
  start_char_index: 0,
  end_char_index: 12,
  file_id: null,
};

export const output = (call_id: string, value: unknown): Event => ({
  type: 'holdfast.call_output',
  call_id,
  output: value,
});

export const STREAMS: Readonly<Record<string, readonly Event[]>> = {
  text: message([text('Lisbon ', 'has 😀', '\u001e two\n', ' airports.')]),
  'thinking, signed': message([thinking('EqQBCgIYAhIM1gbcDa9', 'Two, ', 'I think.'), text('Two.')]),
  'thinking, withheld': message([
    block({ type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3pzix' }),
    thinking('sig-without-words'),
    text('Two.'),
  ]),
  citations: message([
    text('As the notes say, '),
    cited(['two ', 'airports'], [ON_PAGE, IN_DOCUMENT]),
    text('.'),
  ]),
  'calls side by side': message(
    [
      text('Let me look.'),
      call('weather', ['', '{"city"', ': "Lima"}'], 'toolu_a'),
      call('weather', ['{"city":"Faro"}'], 'toolu_b'),
      call('now', ['']),
      call('now', []),
    ],
    { reason: 'tool_use' },
  ),
  'a search': message([
    ...served('web_search', ['{"query": "airports', ' of Lisbon"}'], 'web_search_tool_result', [PAGE]),
    cited(['Two.'], [ON_PAGE]),
  ]),
  'a search that fails': message(
    served('web_search', ['{"query":"x"}'], 'web_search_tool_result', {
      type: 'web_search_tool_result_error',
      error_code: 'max_uses_exceeded',
    }),
  ),
  'a page fetched': message(
    served('web_fetch', ['{"url":"https://example.org"}'], 'web_fetch_tool_result', {
      type: 'web_fetch_result',
      url: 'https://example.org',
      retrieved_at: null,
      content: {
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'Two airports.' },
      },
    }),
  ),
  'code that is run': message(
    [
      ...served('bash_code_execution', ['{"command":"ls"}'], 'bash_code_execution_tool_result', {
        type: 'bash_code_execution_result',
        stdout: 'a\n',
        stderr: '',
        return_code: 0,
        content: [],
      }),
      ...served('code_execution', ['{"code":"1"}'], 'code_execution_tool_result', {
        type: 'code_execution_result',
        stdout: '',
        stderr: '',
        return_code: 0,
        content: [],
      }),
      ...served(
        'text_editor_code_execution',
        ['{"command":"view"}'],
        'text_editor_code_execution_tool_result',
        { type: 'text_editor_code_execution_view_result', content: 'a', file_type: 'text' },
      ),
      ...served('tool_search_tool_regex', ['{"query":"a"}'], 'tool_search_tool_result', {
        type: 'tool_search_tool_search_result',
        tool_references: [],
      }),
      block({ type: 'container_upload', file_id: 'file_1' }),
    ],
    { more: { container: { id: 'container_1', expires_at: 'soon' } } },
  ),
  'cut short by length': message([text('Lisbon has')], { reason: 'max_tokens' }),
  refused: message([], {
    reason: 'refusal',
    more: { stop_details: { type: 'refusal', category: 'bio', explanation: null } },
  }),
  'broken off': message([thinking('sig', 'Hm'), text('Lisbon '), call('weather', ['{"city":"Li', 'ma"'])], {
    isCut: true,
  }).slice(0, -1),
  'a turn that is paused': [
    ...message([call('web_search', ['{"query":"x"}'], 'srvtoolu_p', 'server_tool_use')], {
      reason: 'pause_turn',
    }),
    ...message([
      block({ type: 'web_search_tool_result', tool_use_id: 'srvtoolu_p', content: [PAGE] }),
      text('Two.'),
    ]),
  ],
  'two turns with a call between them': [
    ...message([thinking('sig', 'Look.'), call('weather', ['{"city":"Lima"}'], 'toolu_x')], {
      reason: 'tool_use',
    }),
    output('toolu_x', { sky: 'blue' }),
    ...message([text('Blue.')]),
  ],
  'an error': [
    ...message([text('Lis')], { isCut: true }),
    { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
  ],
};
