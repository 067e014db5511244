import { uiAgent } from '@holdfast/ai-sdk/agent';
import { isStepCount, streamText } from 'ai';
import { openAgentChannels } from '../channels/agent.ts';
import { chooseModel } from './model.ts';
import { createSlots } from './slots.ts';
import { approvals, tools } from './tools.ts';

// The agent of the example: a process of its own that knows where its channels are and nothing about its clients.

const { label, model } = chooseModel(process.env);
const opened = openAgentChannels(process.env);
// Providers limit how much they are asked at a time.
const slots = createSlots(Number(process.env['MODEL_SLOTS'] ?? 20));

const agent = uiAgent({
  channels: opened.channels,
  name: 'assistant',
  // When a process dies in mid-sentence, another one finishes the sentence.
  onTakeover: 'continue',
  approvals,
  leaseMs: Number(process.env['LEASE_MS'] ?? 5000),
  async stream(run) {
    const turn = slots.take(run.signal);
    // Everybody sees that it waits, and for what.
    if (turn !== undefined) {
      run.state({ doing: 'queued' });
      await turn;
      run.state({ doing: 'thinking' });
    }
    let isHeld = true;
    const done = (): void => {
      if (isHeld) slots.free();
      isHeld = false;
    };
    run.signal.addEventListener('abort', done, { once: true });
    return streamText({
      model,
      tools,
      system: 'You are a friendly assistant. Use the tools where they help, and answer in Markdown.',
      messages: await run.prompt(),
      abortSignal: run.signal,
      stopWhen: isStepCount(6),
      onFinish: done,
      onError({ error }) {
        console.error(error);
        done();
      },
    });
  },
});

// The gateway wakes whoever listens. Over Ably nobody does: there the agent is told which sessions to attend.
const sessions = process.env['SESSIONS'] || undefined;
if (sessions === undefined) await agent.listen();
else for (const session of sessions.split(',')) await agent.attend(session);
console.log(`agent: ${label}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    agent
      .close()
      .then(() => opened.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  });
