export { messagesAgent, type MessagesAgentOptions, type MessagesAgentRun } from './agent/messages-agent.ts';
export type { Tool, ToolContext, Tools } from '@holdfast/core/turns';
