import type { DelegatedAnswer, RunId } from '@holdfast/core';
import { jsonSchema, tool, type Tool } from 'ai';
import type { UIAgentRun } from './ui-agent.ts';

export interface AgentToolOptions {
  /** Name of the agent that is asked. */
  readonly to: string;
  /** Tells the model what to ask it for. */
  readonly description: string;
}

/** What a model says to another agent. */
export interface AgentToolInput {
  readonly task: string;
  /** What the work is called for people who look on. */
  readonly label?: string;
}

export interface AgentToolOutput {
  readonly run: RunId;
  readonly text: string;
}

/**
 * Another agent as a tool of the model: a call becomes a run that nests under this one, and its text is the call's result. One that
 * fails, is lost or is cancelled by somebody is a failed call, and the model goes on without it.
 */
export function agentTool(
  run: Pick<UIAgentRun, 'delegate'>,
  { to, description }: AgentToolOptions,
): Tool<AgentToolInput, AgentToolOutput> {
  return tool({
    description,
    inputSchema: jsonSchema<AgentToolInput>(INPUT),
    async execute({ task, label }): Promise<AgentToolOutput> {
      const { done } = run.delegate(to, task, label === undefined ? {} : { label });
      const answer = await done;
      if (answer.status !== 'complete') throw new Error(failureOf(to, answer));
      return { run: answer.run, text: answer.text };
    },
  });
}

const INPUT = {
  type: 'object',
  properties: {
    task: { type: 'string', description: 'What to do, with all that has to be known for it' },
    label: { type: 'string', description: 'What to call it, in two or three words' },
  },
  required: ['task'],
  additionalProperties: false,
} as const;

function failureOf(to: string, { status, reason, text }: DelegatedAnswer): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  const sofar = text === '' ? '' : ` It had said: ${text}`;
  return `${to} came to no end (${status}${why}).${sofar}`;
}
