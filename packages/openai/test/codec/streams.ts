import type { ProviderEvent as Event } from '@holdfast/testing/model-provider';
import {
  BASE,
  code,
  customCall,
  functionCall,
  mcpCall,
  message,
  response,
  served,
  shell,
  summary,
  text,
  thought,
  whole,
} from '@holdfast/testing/responses-stream';

type Fields = Readonly<Record<string, unknown>>;

const odds = (token: string): Fields => ({ token, logprob: -0.5, bytes: [104], top_logprobs: [] });
const URL_CITATION = {
  type: 'url_citation',
  start_index: 0,
  end_index: 5,
  url: 'https://example.org/a',
  title: 'A',
};
const FILE_CITATION = { type: 'file_citation', file_id: 'file_1', filename: 'notes.txt', index: 3 };

export const output = (call_id: string, value: unknown): Event => ({
  type: 'holdfast.call_output',
  call_id,
  output: value,
});

export const STREAMS: Readonly<Record<string, readonly Event[]>> = {
  text: response([text('Lisbon ', 'has 😀', '\u001e two\n', ' airports.')]),
  'text with citations and log probabilities': response([
    message(
      {
        deltas: ['See ', 'this.'],
        annotations: [URL_CITATION, FILE_CITATION],
        logprobs: [odds('See '), odds('this.')],
      },
      { deltas: ['And that.'] },
    ),
  ]),
  refusal: response([message({ refusal: ['I can’t ', 'do that.'] })]),
  'reasoning with summaries, sealed': response([
    summary('gAAAAA-sealed', ['First ', 'this.'], ['Then that.']),
    text('Done.'),
  ]),
  'reasoning in full': response([thought('Hm', 'm.'), text('Yes.')]),
  'reasoning without words': response([summary('sealed'), text('Yes.')]),
  'calls side by side': response([
    functionCall('weather', '{"city":"Lima"}', 'call_a'),
    functionCall('weather', '{ "city": "Faro" }', 'call_b'),
    functionCall('now', '', 'call_c'),
    functionCall('broken', '{"city":', 'call_d'),
    customCall('SELECT "a";\n'),
  ]),
  'web search': response([
    served('web_search', ['in_progress', 'searching', 'completed'], {
      action: { type: 'search', query: 'airports of Lisbon', queries: ['airports of Lisbon'] },
    }),
    message({ deltas: ['Two.'], annotations: [URL_CITATION] }),
  ]),
  'file search': response([
    served(
      'file_search',
      ['in_progress', 'searching', 'completed'],
      {
        queries: ['airports'],
        results: [{ file_id: 'file_1', filename: 'notes.txt', score: 0.9, text: 'Lisbon has two airports' }],
      },
      { queries: [], results: null },
    ),
    text('Two.'),
  ]),
  'code interpreter': response([code('print(2 + 2)\n'), text('4')]),
  'remote tools': response([
    whole(
      {
        type: 'mcp_list_tools',
        server_label: 'wiki',
        tools: [{ name: 'ask', input_schema: { type: 'object' } }],
      },
      (place) => [
        { type: 'response.mcp_list_tools.in_progress', ...place },
        { type: 'response.mcp_list_tools.completed', ...place },
      ],
      { tools: [] },
    ),
    mcpCall('{"q":"airports"}', {
      status: 'completed',
      output: 'Lisbon has two airports, one of them closed.',
      error: null,
    }),
    mcpCall('{"q":"trains"}', { status: 'failed', output: null, error: 'no such page' }),
    text('Two.'),
  ]),
  'remote tool that asks': response([
    whole({ type: 'mcp_approval_request', server_label: 'wiki', name: 'ask', arguments: '{"q":"airports"}' }),
  ]),
  image: response([
    served(
      'image_generation',
      ['in_progress', 'generating', 'completed'],
      { result: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ' },
      { result: null },
    ),
  ]),
  'shell in a container': response([
    ...shell([['ls', ' -l']], { stdout: 'ab', stderr: '!', outcome: { type: 'exit', exit_code: 2 } }),
    text('Nothing there.'),
  ]),
  'calls of tools that clients have': response([
    whole({
      type: 'computer_call',
      call_id: 'call_pc',
      status: 'completed',
      action: { type: 'click', button: 'left', x: 1, y: 2 },
      pending_safety_checks: [],
    }),
    whole({
      type: 'local_shell_call',
      call_id: 'call_sh',
      status: 'completed',
      action: { type: 'exec', command: ['ls'], env: {} },
    }),
    whole({
      type: 'apply_patch_call',
      call_id: 'call_ap',
      status: 'completed',
      operation: { type: 'delete_file', path: 'a' },
    }),
  ]),
  compaction: response([
    whole({ type: 'compaction', encrypted_content: 'sealed' }, (place) => [
      { type: 'response.compaction.compacting', ...place },
    ]),
    text('Where were we?'),
  ]),
  'cut short by length': response([text('Lisbon has')], {
    type: 'response.incomplete',
    fields: { incomplete_details: { reason: 'max_output_tokens' } },
  }),
  failed: response([text('Lisb')], {
    type: 'response.failed',
    fields: { error: { code: 'server_error', message: 'overloaded' }, usage: null },
  }),
  'an error in the stream': [
    ...response([text('Lisb')], { type: 'none' }),
    { type: 'error', code: 'server_error', message: 'overloaded', param: null, sequence_number: 99 },
  ],
  'broken off': response([summary('sealed', ['Hm']), text('Lisbon has')], { type: 'none' }).slice(0, -4),
  'two turns with a call between them': [
    ...response([summary('sealed', ['Look.']), functionCall('weather', '{"city":"Lima"}', 'call_x')]),
    output('call_x', { sky: 'blue' }),
    ...response([text('Blue.')], { id: 'resp_2' }),
  ],
  'queued, with sounds': [
    ...response([], { type: 'none' }).slice(0, 1),
    { type: 'response.queued', response: { ...BASE, status: 'queued', output: [] }, sequence_number: 1 },
    { type: 'response.audio.delta', delta: 'AAAA', sequence_number: 2 },
    { type: 'response.audio.transcript.delta', delta: 'Hi', sequence_number: 3 },
    { type: 'response.audio.transcript.done', sequence_number: 4 },
    { type: 'response.audio.done', sequence_number: 5 },
    { type: 'response.mcp_list_tools.failed', output_index: 0, item_id: 'm', sequence_number: 6 },
  ],
};
