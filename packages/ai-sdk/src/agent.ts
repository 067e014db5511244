export { uiAgent, type UIAgentOptions, type UIAgentRun } from './agent/ui-agent.ts';
export type { StreamSource } from './agent/to-chunks.ts';
