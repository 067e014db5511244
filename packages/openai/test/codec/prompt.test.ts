import type { ContentMessage, Part } from '@holdfast/codec';
import { expect, test } from 'vitest';
import { responsesCodec } from '../../src/index.ts';
import { customCall, functionCall, response, summary, text, whole } from '@holdfast/testing/responses-stream';
import { contentOf, pieces } from './log.ts';
import type { ProviderEvent as Event } from '@holdfast/testing/model-provider';

const assistant = (parts: readonly Part[], reason?: string): ContentMessage => ({
  id: 'a',
  role: 'assistant',
  parts,
  ...(reason !== undefined && { finish: { reason } }),
});
const answer = (stream: readonly Event[]) => assistant(contentOf(...pieces(stream)).parts);
const prompt = (...branch: readonly ContentMessage[]) => responsesCodec.prompt(branch);
const types = async (message: ContentMessage) => (await prompt(message)).map(({ type }) => type);

test('what people say goes as text, images and files; what can’t be said is left out', async () => {
  const parts: readonly Part[] = [
    { type: 'text', text: 'Look' },
    { type: 'text', text: '' },
    { type: 'file', url: 'https://example.org/a.png', mime: 'image/png' },
    { type: 'file', url: 'https://example.org/a.pdf', mime: 'application/pdf' },
    { type: 'file', url: 'data:text/plain;base64,YQ==', mime: 'text/plain', filename: 'a.txt' },
    { type: 'data', name: 'mood', data: 1 },
  ];
  const content = [
    { type: 'input_text', text: 'Look' },
    { type: 'input_image', image_url: 'https://example.org/a.png', detail: 'auto' },
    { type: 'input_file', file_url: 'https://example.org/a.pdf' },
    { type: 'input_file', file_data: 'data:text/plain;base64,YQ==', filename: 'a.txt' },
  ];
  expect(await prompt({ id: 'q', role: 'user', parts })).toEqual([
    { type: 'message', role: 'user', content },
  ]);
  expect(await prompt({ id: 'q', role: 'user', parts: parts.slice(1, 2) })).toEqual([]);
});

test('answers of other agents go as text, calls and outputs', async () => {
  const parts: readonly Part[] = [
    { type: 'step' },
    { type: 'reasoning', text: 'Hm' },
    {
      type: 'tool',
      callId: 'c',
      name: 'weather',
      state: 'result',
      input: { city: 'Lima' },
      output: { sky: 'blue' },
    },
    { type: 'tool', callId: 'd', name: 'weather', state: 'input', inputText: '{"ci' },
    { type: 'step' },
    { type: 'text', text: 'Blue.' },
  ];
  expect(await prompt(assistant(parts))).toEqual([
    { type: 'function_call', call_id: 'c', name: 'weather', arguments: '{"city":"Lima"}' },
    { type: 'function_call', call_id: 'd', name: 'weather', arguments: '{}' },
    { type: 'function_call_output', call_id: 'c', output: '{"sky":"blue"}' },
    {
      type: 'function_call_output',
      call_id: 'd',
      output: 'The call was stopped before its input was complete.',
    },
    { role: 'assistant', content: 'Blue.' },
  ]);
});

test('reasoning of which nothing came is left out, and such as the provider can’t know', async () => {
  const stored = response([summary('sealed', ['Hm']), text('Yes.')]);
  expect(await types(answer(stored))).toEqual(['reasoning', 'message']);
  expect(await types(answer(stored.slice(0, -2)))).toEqual(['reasoning', 'message']);
  expect(await types(answer(response([text('Yes.'), summary('sealed', ['Hm'])])))).toEqual(['message']);
  const fields = { store: false };
  expect(await types(answer(response([summary(undefined, ['Hm']), text('Yes.')], { fields })))).toEqual([
    'message',
  ]);
});

test('reasoning whose summary can’t be read any more goes back without it', async () => {
  const { parts } = answer(response([summary('sealed', ['Hm'], ['So']), text('Yes.')]));
  const unread = parts.map((part) =>
    part.type === 'reasoning' && part.text === 'Hm' ? { ...part, text: '', thread: ['m'], length: 2 } : part,
  );
  const [whole] = await prompt(assistant(parts));
  const [reasoning] = await prompt(assistant(unread));
  expect(whole).toMatchObject({ summary: [{ text: 'Hm' }, { text: 'So' }] });
  expect(reasoning).toEqual({ ...whole, summary: [{ type: 'summary_text', text: 'So' }] });
});

test('a call that was cut has an input that the provider takes, and an output that says so', async () => {
  const cut = response([functionCall('weather', '{"city":"Lima"}', 'c')], { type: 'none' }).slice(0, 4);
  expect(await prompt(answer(cut))).toMatchObject([
    { type: 'function_call', call_id: 'c', arguments: '{}' },
    { call_id: 'c', output: 'The call was stopped before its input was complete.' },
  ]);
});

test('each kind of call has its kind of output', async () => {
  const made = response([
    customCall('SELECT 1'),
    whole({
      type: 'computer_call',
      call_id: 'pc',
      status: 'completed',
      pending_safety_checks: [{ id: 's' }],
    }),
    whole({ type: 'local_shell_call', call_id: 'ls', status: 'completed', action: {} }),
    whole({ type: 'shell_call', call_id: 'sh', status: 'completed', action: {}, environment: null }),
    whole({ type: 'apply_patch_call', call_id: 'ap', status: 'completed', operation: {} }),
    whole({ type: 'web_search_call', status: 'completed', action: {} }),
    whole({ type: 'mcp_approval_request', id: 'm', server_label: 's', name: 'ask', arguments: '{}' }),
  ]);
  const given = (await prompt(answer(made))).slice(7);
  expect(given).toMatchObject([
    { type: 'custom_tool_call_output' },
    { type: 'computer_call_output', call_id: 'pc', acknowledged_safety_checks: [{ id: 's' }] },
    { type: 'local_shell_call_output' },
    { type: 'shell_call_output', output: [{ outcome: { exit_code: 1 } }] },
    { type: 'apply_patch_call_output', status: 'failed' },
    { type: 'mcp_approval_response', approval_request_id: 'm', approve: false },
  ]);
});

test('an answer that was stopped says so', async () => {
  const [, note] = await prompt(assistant([{ type: 'text', text: 'Lis' }], 'cancelled'));
  expect(note).toEqual({ role: 'assistant', content: '[The user stopped this answer here.]' });
});
