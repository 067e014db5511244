export {
  responsesAgent,
  type ResponsesAgentOptions,
  type ResponsesAgentRun,
} from './agent/responses-agent.ts';
export type { Tool, ToolContext, Tools } from '@holdfast/core/turns';
