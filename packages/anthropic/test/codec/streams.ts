import type { ProviderEvent as Event } from '@holdfast/testing/model-provider';
import { block, call, cited, message, served, text, thinking } from '@holdfast/testing/messages-stream';

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
