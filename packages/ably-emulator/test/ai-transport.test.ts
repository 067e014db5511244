import { Invocation } from '@ably/ai-transport';
import { createAgentSession, createClientSession, createUIMessageCodec } from '@ably/ai-transport/vercel';
import type { UIMessage, UIMessageChunk } from 'ai';
import type { Realtime } from 'ably';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serveAbly, type AblyEmulator } from '../src/index.ts';
import { connect } from './client.ts';

// Somebody else's package for sessions over Ably, as it is published: it knows nothing of this server, and fails or gives up
// its runs where a server resumes, acknowledges or pages its history otherwise than Ably does.

const CHANNEL = 'conversations:lisbon';
const WORDS = Array.from({ length: 400 }, (_, index) => `word${index} `);
const WHOLE = WORDS.join('');
const codec = createUIMessageCodec();

type Device = ReturnType<typeof createClientSession>;
type Run = Awaited<ReturnType<Device['view']['send']>>;

describe.each([
  { useBinaryProtocol: false, appendRollupWindowMs: 0 },
  { useBinaryProtocol: true, appendRollupWindowMs: 40 },
])('@ably/ai-transport %o', ({ useBinaryProtocol, appendRollupWindowMs }) => {
  let emulator: AblyEmulator;
  let clients: Realtime[];
  let errors: unknown[];
  let closers: (() => Promise<void>)[];

  beforeEach(async () => {
    emulator = await serveAbly({
      appendRollupWindowMs,
      namespaces: { conversations: { mutableMessages: true } },
    });
    [clients, errors, closers] = [[], [], []];
  });
  afterEach(async () => {
    for (const close of closers) await close();
    for (const client of clients) client.close();
    await emulator.close();
  });

  const join = (clientId: string): Realtime => {
    const client = connect(emulator, { clientId, useBinaryProtocol });
    clients.push(client);
    return client;
  };

  /** Kills every socket, once all are there again. */
  const cutAll = async (): Promise<void> => {
    for (const { connection } of clients) await connection.whenState('connected');
    expect(emulator.faults.cut()).toBe(clients.length);
  };

  const openDevice = async (clientId: string): Promise<Device> => {
    const session = createClientSession({ client: join(clientId), channelName: CHANNEL });
    session.on('error', (error) => void errors.push(error));
    closers.push(() => session.close());
    await session.connect();
    return session;
  };

  const ask = (device: Device): Promise<Run> => {
    const parts: UIMessage['parts'] = [{ type: 'text', text: 'Which airports does Lisbon have?' }];
    return device.view.send(codec.createUserMessage({ id: crypto.randomUUID(), role: 'user', parts }));
  };

  /** Answers one run as an endpoint would that was called with its invocation; `step` is called before each word. */
  const answer = async (run: Run, step: (index: number) => Promise<void>): Promise<string> => {
    const session = createAgentSession({ client: join('agent'), channelName: CHANNEL });
    session.on('error', (error) => void errors.push(error));
    await session.connect();
    const own = session.createRun(Invocation.fromJSON(run.toInvocation().toJSON()));
    while (own.view.hasOlder()) await own.view.loadOlder();
    await own.start();
    const { reason, error } = await own.pipe(say(step));
    if (reason === 'error') throw new Error('The stream failed.', { cause: error });
    await own.end({ reason });
    await session.end();
    return reason;
  };

  it('streams a run while every socket is killed, to one who was there and one who comes late', async () => {
    const laptop = await openDevice('ada');
    const shown: string[] = [];
    laptop.view.on('update', () => void shown.push(answerOf(laptop)));
    let phone: Device | undefined;
    const run = await ask(laptop);
    const reason = await answer(run, async (index) => {
      if (index % 80 === 60) await cutAll();
      if (index !== 200) return;
      await vi.waitUntil(() => answerOf(laptop) !== '', { timeout: 60_000 });
      phone = await openDevice('ada');
      await phone.view.loadOlder(100);
      expect(WHOLE.startsWith(answerOf(phone))).toBe(true);
      expect(answerOf(phone)).not.toBe('');
    });
    expect(reason).toBe('complete');
    const late = await openDevice('ben');
    await late.view.loadOlder(100);
    for (const device of [laptop, phone, late]) {
      await vi.waitUntil(() => statusOf(device) === 'complete', { timeout: 60_000 });
      expect(answerOf(device)).toBe(WHOLE);
    }
    // Nothing was shown that the agent had not said.
    expect(shown.filter((text) => !WHOLE.startsWith(text))).toEqual([]);
    expect(errors).toEqual([]);
  }, 120_000);

  it('cancels a run from a device that came later', async () => {
    const laptop = await openDevice('ada');
    const run = await ask(laptop);
    let phone: Device | undefined;
    const reason = await answer(run, async (index) => {
      if (index === 30) await cutAll();
      if (index !== 50) return;
      phone = await openDevice('ben');
      await phone.view.loadOlder(100);
      await phone.cancel(run.runId);
    });
    expect(reason).toBe('cancelled');
    for (const device of [laptop, phone])
      await vi.waitUntil(() => statusOf(device) === 'cancelled', { timeout: 60_000 });
    const kept = answerOf(laptop);
    expect(answerOf(phone)).toBe(kept);
    expect(WHOLE.startsWith(kept)).toBe(true);
    expect(kept.length).toBeLessThan(WHOLE.length);
    expect(errors).toEqual([]);
  }, 120_000);
});

async function* say(step: (index: number) => Promise<void>): AsyncGenerator<UIMessageChunk> {
  yield { type: 'start', messageId: 'answer' };
  yield { type: 'text-start', id: 't' };
  for (const [index, delta] of WORDS.entries()) {
    await step(index);
    yield { type: 'text-delta', id: 't', delta };
    await new Promise(setImmediate);
  }
  yield { type: 'text-end', id: 't' };
  yield { type: 'finish' };
}

function answerOf(device: Device | undefined): string {
  const messages = device?.view.getMessages().map(({ message }) => message) ?? [];
  return messages
    .filter(({ role }) => role === 'assistant')
    .flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])))
    .join('');
}

function statusOf(device: Device | undefined): string | undefined {
  return device?.view.runs().at(-1)?.status;
}
