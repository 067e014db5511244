import { start, type Running } from '@holdfast/example-chat/processes';
import { fileURLToPath } from 'node:url';

/** The lead asks the others; of readers there are two tasks at a time, told apart by their labels. */
export const AGENTS = ['lead', 'reader', 'historian'] as const;
export type AgentName = (typeof AGENTS)[number];

export interface Place {
  readonly port: number;
  /** The file that holds the sessions. */
  readonly file: string;
  readonly tokensPerSecond?: number;
  /** How long an agent may be silent before another process takes over, in milliseconds. */
  readonly leaseMs?: number;
}

/** The chat example's gateway, which wakes the agents of this one. */
export function startGateway({ port, file }: Place): Promise<Running> {
  const env = { PORT: String(port), DB: file, REDIS_URL: '', AGENTS: AGENTS.join(',') };
  return start('src/gateway.ts', env, 'gateway:');
}

/** One agent, in a process of its own. */
export function startAgent(
  name: AgentName,
  { port, tokensPerSecond = 45, leaseMs = 5000 }: Place,
): Promise<Running> {
  const env = {
    AGENT: name,
    GATEWAY_URL: `ws://127.0.0.1:${port}/holdfast`,
    TOKENS_PER_SECOND: String(tokensPerSecond),
    LEASE_MS: String(leaseMs),
  };
  return start(fileURLToPath(new URL('agent/main.ts', import.meta.url)), env, 'agent:');
}
