export const AGENTS = ['ai-sdk', 'tanstack-ai', 'openai', 'anthropic'] as const;
export const CLIENTS = ['ai-sdk', 'tanstack-ai', 'session'] as const;

export type AgentFramework = (typeof AGENTS)[number];
export type ClientFramework = (typeof CLIENTS)[number];

/** Chunks of one turn, in the framework's own form. An error is thrown; a promise is waited for. */
export type Turn = readonly (object | Error | Promise<unknown>)[];
