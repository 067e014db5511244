import type { Channels } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import { createAgent, openSession } from '@holdfast/core';
import type { Agent, AgentOptions, DeviceId, RunId, Session } from '@holdfast/core';
import { createWebSocketChannels } from '@holdfast/websocket';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { textCodec, type TextChunk } from '../../../core/test/text-codec.ts';
import { serve, type Gateway, type ServeOptions } from '../../src/index.ts';
import { verifyTokens, type IssueTokenOptions } from '../../src/token.ts';
import { AGENT } from './agent-name.ts';
import { SECRET, tokenOf } from './token-of.ts';

type Capabilities = IssueTokenOptions['capabilities'];

/** A gateway that knows one agent, its workers and those who ask, each on a connection and with a token of its own. */
export interface Stage {
  readonly url: string;
  /** A participant, who may do nothing but take part in sessions whose names begin with `s`. */
  client(clientId?: string): Channels;
  /** All are one tab: after a reload, say. */
  open(channels: Channels, name: string): Promise<Session>;
  worker(options: WorkerOptions): Promise<Agent>;
  /** Ends everything, for what the test does then. */
  close(): Promise<void>;
}

type WorkerOptions = Partial<AgentOptions<TextChunk, readonly string[]>> & {
  readonly run: AgentOptions<TextChunk, readonly string[]>['run'];
  /** Default: everything. */
  readonly capabilities?: Capabilities;
};

const DEVICE = 'the-tab' as string as DeviceId;
const PARTICIPANT: Capabilities = { 's*': ['publish', 'subscribe', 'history', 'presence'] };

/** Closed when the test ends, the engine too. */
export async function openStage(engine: Engine, options: Partial<ServeOptions> = {}): Promise<Stage> {
  const gateway: Gateway = await serve({
    engine,
    authenticate: verifyTokens({ secret: SECRET }),
    port: 0,
    host: '127.0.0.1',
    agents: [AGENT],
    ...options,
  });
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).toReversed()) await each();
    await gateway.close({ drainMs: 0 });
    await engine.close();
  };
  let closing: Promise<void> | undefined;
  const closeOnce = (): Promise<void> => (closing ??= close());
  onTestFinished(closeOnce);
  const url = `ws://127.0.0.1:${gateway.port}/holdfast`;
  const connect = (clientId: string, role: string, capabilities: Capabilities): Channels => {
    const token = () => tokenOf(clientId, role, capabilities);
    const channels = createWebSocketChannels({ url, token, WebSocket, backoff: { firstMs: 5, maxMs: 200 } });
    closers.push(() => channels.close());
    return channels;
  };
  let hired = 0;
  return {
    url,
    client: (clientId = 'ada') => connect(clientId, 'participant', PARTICIPANT),
    async open(channels, name) {
      const session = openSession({ channels, name, device: DEVICE });
      closers.push(() => session.close());
      await session.ready;
      return session;
    },
    async worker({ capabilities = { '*': ['*'] }, ...rest }) {
      const agent = createAgent({
        channels: connect(`worker-${(hired += 1)}`, 'agent', capabilities),
        name: AGENT,
        codec: textCodec,
        ...rest,
      });
      closers.push(() => agent.close({ drainMs: 0 }));
      await agent.listen();
      return agent;
    },
    close: closeOnce,
  };
}

/** Resolves when all these runs have ended on that session. */
export async function allEnded(session: Session, runs: readonly RunId[]): Promise<void> {
  const isOver = (run: RunId): boolean =>
    ['complete', 'cancelled', 'error', 'lost'].includes(session.run(run)?.status ?? '');
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (!runs.every(isOver)) return;
      stop();
      resolve();
    };
    const stop = session.subscribe(look);
    look();
  });
}
