export { shareState } from './agent/share-state.ts';
export { chatAgent, type ChatAgentOptions, type ChatAgentRun } from './agent/chat-agent.ts';
