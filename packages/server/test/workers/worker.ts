import { createAgent } from '@holdfast/core';
import { createWebSocketChannels } from '@holdfast/websocket';
import { setTimeout as wait } from 'node:timers/promises';
import WebSocket from 'ws';
import { textCodec, textOf, type TextChunk } from '../../../core/test/text-codec.ts';
import { AGENT } from './agent-name.ts';
import { tokenOf } from './token-of.ts';

// A worker as a process of its own: it answers by counting, and asks the client for a tool where it is told to.

const [url = '', name = 'worker'] = process.argv.slice(2);

const channels = createWebSocketChannels({
  url,
  token: () => tokenOf(name, 'agent', { '*': ['*'] }),
  WebSocket,
  backoff: { firstMs: 20, maxMs: 200 },
});

async function* count(): AsyncGenerator<TextChunk> {
  for (const word of ['one ', 'two ', 'three ', 'four ', 'five']) {
    yield { type: 'text', text: word };
    await wait(20);
  }
}

async function* call(): AsyncGenerator<TextChunk> {
  yield { type: 'call', id: 'call-1', name: 'where' };
}

const agent = createAgent({
  channels,
  name: AGENT,
  codec: textCodec,
  leaseMs: 500,
  async run(run) {
    const [question] = (await run.branch()).slice(-1);
    const isToAsk = textOf(question?.parts ?? []) === 'use the tool' && run.log === '';
    await run.pipe(isToAsk ? call() : count());
  },
});
await agent.listen({ idleMs: 1000 });
console.log('listening');

process.once('SIGTERM', () => {
  agent
    .close({ drainMs: 0 })
    .then(() => channels.close())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
});
