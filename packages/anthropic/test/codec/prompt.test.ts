import type { ContentMessage, Part } from '@holdfast/codec';
import { expect, test } from 'vitest';
import { messagesCodec } from '../../src/index.ts';
import type { ProviderEvent as Event } from '@holdfast/testing/model-provider';
import { contentOf, pieces } from './log.ts';
import { block, call, message, served, text, thinking } from '@holdfast/testing/messages-stream';

const assistant = (parts: readonly Part[], reason?: string): ContentMessage => ({
  id: 'a',
  role: 'assistant',
  parts,
  ...(reason !== undefined && { finish: { reason } }),
});
const answer = (stream: readonly Event[]) => assistant(contentOf(...pieces(stream)).parts);
const question: ContentMessage = { id: 'q', role: 'user', parts: [{ type: 'text', text: 'So?' }] };
const prompt = (...branch: readonly ContentMessage[]) => messagesCodec.prompt(branch);

async function blocks(stream: readonly Event[]): Promise<unknown> {
  const [first] = await prompt(answer(stream), question);
  return first?.role === 'assistant' ? first.content : [];
}

test('what people say goes as text, images and documents; one message for each side', async () => {
  const parts: readonly Part[] = [
    { type: 'text', text: 'Look' },
    { type: 'file', url: 'https://example.org/a.png', mime: 'image/png' },
    { type: 'file', url: 'data:image/png;base64,YQ==', mime: 'image/png' },
    { type: 'file', url: 'data:application/pdf;base64,YQ==', mime: 'application/pdf', filename: 'a.pdf' },
    { type: 'file', url: 'https://example.org/a.bin', mime: 'application/octet-stream' },
    { type: 'text', text: '' },
  ];
  const content = [
    { type: 'text', text: 'Look' },
    { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'YQ==' } },
    {
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: 'YQ==' },
      title: 'a.pdf',
    },
    { type: 'text', text: 'So?' },
  ];
  expect(await prompt({ id: 'p', role: 'user', parts }, question)).toEqual([{ role: 'user', content }]);
  const system: ContentMessage = { id: 's', role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] };
  expect(await prompt(system)).toEqual([{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }]);
});

test('answers of other agents go as text, calls and results', async () => {
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
  expect(await prompt(assistant(parts))).toMatchObject([
    {
      role: 'assistant',
      content: [
        { type: 'tool_use', id: 'c', input: { city: 'Lima' } },
        { id: 'd', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { tool_use_id: 'c', content: '{"sky":"blue"}' },
        { tool_use_id: 'd', is_error: true },
      ],
    },
    { role: 'assistant', content: [{ type: 'text', text: 'Blue.' }] },
  ]);
});

test('blocks go back as they were', async () => {
  const withheld = block({ type: 'redacted_thinking', data: 'sealed' });
  const search = served('web_search', ['{"query":"x"}'], 'web_search_tool_result', []);
  const made = message([thinking('signed', 'Hm'), withheld, ...search, text('Two.')]);
  expect(await blocks(made)).toMatchObject([
    { type: 'thinking', thinking: 'Hm', signature: 'signed' },
    { type: 'redacted_thinking', data: 'sealed' },
    { type: 'server_tool_use', input: { query: 'x' } },
    { type: 'web_search_tool_result', content: [] },
    { type: 'text', text: 'Two.' },
  ]);
});

test('what the provider would refuse is left out: thoughts unsigned, calls of its own without a result, empty text', async () => {
  const search = call('web_search', ['{"query":"x"}'], 'srvtoolu_1', 'server_tool_use');
  expect(await blocks(message([thinking('', 'Hm'), search, text(), text('Two.')]))).toMatchObject([
    { type: 'text', text: 'Two.' },
  ]);
});

test('a call that was cut has an input that the provider takes, and a result that says so', async () => {
  const cut = message([call('weather', ['{"city":"Li'], 'c')], { isCut: true }).slice(0, -1);
  expect(await prompt(answer(cut))).toMatchObject([
    { role: 'assistant', content: [{ type: 'tool_use', id: 'c', input: {} }] },
    { role: 'user', content: [{ tool_use_id: 'c', is_error: true }] },
  ]);
});

test('an answer that was stopped says so', async () => {
  const [said] = await prompt(assistant([{ type: 'text', text: 'Lis' }], 'cancelled'));
  expect(said?.content).toMatchObject([{ text: 'Lis' }, { text: '[The user stopped this answer here.]' }]);
});

test('a thought that can’t be read any more is left out: its signature is for other words', async () => {
  const { parts } = answer(message([thinking('signed', 'Hm'), thinking('bare'), text('Two.')]));
  const unread = parts.map((part) =>
    part.type === 'reasoning' && part.text !== '' ? { ...part, text: '', thread: ['m'], length: 2 } : part,
  );
  const [whole] = await prompt(assistant(parts), question);
  const [first] = await prompt(assistant(unread), question);
  const content = Array.isArray(whole?.content) ? whole.content : [];
  expect(content).toHaveLength(3);
  expect(first?.content).toEqual(content.slice(1));
});
