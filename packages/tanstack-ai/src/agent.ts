export { chatAgent, type ChatAgentOptions, type ChatAgentRun } from './agent/chat-agent.ts';
