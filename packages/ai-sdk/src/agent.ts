export { uiAgent, type UIAgentOptions, type UIAgentRun } from './agent/ui-agent.ts';
export type { StreamSource } from './agent/to-chunks.ts';
export {
  agentTool,
  type AgentToolInput,
  type AgentToolOptions,
  type AgentToolOutput,
} from './agent/agent-tool.ts';
