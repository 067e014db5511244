import { chat, toolDefinition, type AnyTool } from '@tanstack/ai';
import type { StreamChunk } from '@tanstack/ai/client';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { agUiCodec } from '../../src/index.ts';
import { answer, begin, calls, createModel, end, toolCall, type Reply } from '../model.ts';
import { fold, type Event } from './fold.ts';
import { decode } from './log.ts';
import { reasoning, signed } from './streams.ts';

const city = z.object({ city: z.string() });
const TOOLS: readonly AnyTool[] = [
  toolDefinition({ name: 'weather', description: 'w', inputSchema: city }).server(({ city: of }) => ({
    of,
    sky: 'blue',
  })),
  toolDefinition({ name: 'pay', description: 'p', inputSchema: city, needsApproval: true }).server(
    () => 'paid',
  ),
  toolDefinition({ name: 'locate', description: 'l', inputSchema: z.object({}) }),
];

/** What `chat()` yields, as it yields it; a provider that throws ends the recording. */
async function record(...replies: readonly Reply[]): Promise<StreamChunk[]> {
  const { adapter } = createModel(...replies);
  const messages = [{ role: 'user' as const, content: 'go' }];
  const chunks: StreamChunk[] = [];
  try {
    for await (const chunk of chat({ adapter, messages, tools: [...TOOLS], debug: false }))
      chunks.push(chunk);
  } catch {
    // What was yielded until then is what counts.
  }
  return chunks;
}

const RECORDINGS: Readonly<Record<string, readonly Reply[]>> = {
  'plain text': [answer('Lisbon has two airports.')],
  'reasoning, then text': [
    [begin, ...reasoning('s1', 'Let me ', 'think.'), signed('s1', 'sig'), ...answer('Yes.').slice(1)],
  ],
  'server tools': [
    calls(toolCall('weather', { city: 'Lima' }), toolCall('weather', { city: 'Faro' })),
    answer('Blue in both.'),
  ],
  'tools that fail': [calls(toolCall('weather', { town: 1 }), toolCall('none', {})), answer('Sorry.')],
  'a client tool and an approval': [calls(toolCall('locate', {}), toolCall('pay', { city: 'Lima' }))],
  'an error of the provider': [[begin, { type: 'RUN_ERROR', message: 'overloaded', code: '529' }, end()]],
  'a provider that throws': [[...answer('Half an answer').slice(0, 3), new Error('boom')]],
};

test.each(Object.entries(RECORDINGS))(
  'I12 %s: the same messages, joined at every event',
  async (_name, replies) => {
    const chunks = await record(...replies);
    expect(chunks.length).toBeGreaterThan(1);
    const own = chunks.filter((chunk) => (chunk as unknown as Event).type !== 'MESSAGES_SNAPSHOT');
    const original = fold(own);
    const encoder = agUiCodec.encoder();
    const appends = chunks.map((chunk) => {
      encoder.write(chunk);
      return encoder.take();
    });
    for (let at = 0; at <= appends.length; at += 1)
      expect(fold(decode(appends.slice(0, at).join(''), ...appends.slice(at)))).toEqual(original);
  },
);
