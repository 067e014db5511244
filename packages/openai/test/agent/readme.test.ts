import { readFileSync } from 'node:fs';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { openSession } from '@holdfast/core';
import OpenAI from 'openai';
import { expect, onTestFinished, test } from 'vitest';
import { functionCall, response, text } from '@holdfast/testing/responses-stream';
import { openProvider } from '@holdfast/testing/model-provider';
import { startAgent } from './readme/agent.ts';
import { soon } from '@holdfast/testing/agent-scene';

test('the README shows the agent as it is tested here', () => {
  const readme = readFileSync(`${import.meta.dirname}/../../README.md`, 'utf8');
  expect(readme).toContain(readFileSync(`${import.meta.dirname}/readme/agent.ts`, 'utf8'));
});

test('the agent of the README answers', async () => {
  const { baseURL } = await openProvider(
    response([functionCall('now', '{}')]),
    response([text('It is noon.')]),
  );
  const engine = createMemoryEngine();
  const channels = createMemoryChannels({ engine, clientId: 'bot', claims: { role: 'agent' } });
  const client = new OpenAI({ apiKey: 'none', baseURL, maxRetries: 0 });
  const agent = await startAgent(channels, 'scene', client, 'some-model');
  const session = openSession({ channels: createMemoryChannels({ engine, clientId: 'ada' }), name: 'scene' });
  onTestFinished(async () => {
    await session.close();
    await agent.close({ drainMs: 0 });
    await engine.close();
  });
  const { run } = session.send({ parts: [{ type: 'text', text: 'What time is it?' }] });
  await soon(() => expect(session.run(run)?.status).toBe('complete'));
  const { parts = [] } = session.snapshot.messages.at(-1) ?? {};
  expect(parts.filter(({ type }) => type === 'text' || type === 'tool')).toMatchObject([
    { name: 'now', state: 'result' },
    { text: 'It is noon.' },
  ]);
});
