import * as messages from '@holdfast/testing/messages-stream';
import * as responses from '@holdfast/testing/responses-stream';
import type { AgentFramework, Turn } from './frameworks.ts';

// What an agent does in one turn, in the words of each framework.

let ids = 0;

/** Begins an answer with some text. */
export function says(framework: AgentFramework, text: string): Turn {
  const id = `m${(ids += 1)}`;
  return {
    'ai-sdk': [
      { type: 'start' },
      { type: 'start-step' },
      { type: 'text-start', id },
      { type: 'text-delta', id, delta: text },
    ],
    'tanstack-ai': [
      { type: 'RUN_STARTED', runId: id, threadId: 't' },
      { type: 'TEXT_MESSAGE_START', messageId: id, role: 'assistant' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: id, delta: text },
    ],
    openai: responses.response([responses.text(text)]),
    anthropic: messages.message([messages.text(text)]),
  }[framework];
}

/** Calls a tool of the page. */
export function calls(framework: AgentFramework, tool: string, input: object): Turn {
  const id = `c${(ids += 1)}`;
  return {
    'ai-sdk': call(id, tool, input),
    'tanstack-ai': [...emit(id, tool, input), interrupted(id, tool, { input, kind: 'client_tool' })],
    ...callIn(id, tool, input),
  }[framework];
}

/** Calls a tool that somebody has to approve of. */
export function asks(framework: AgentFramework, tool: string, input: object): Turn {
  const id = `c${(ids += 1)}`;
  return {
    'ai-sdk': [
      ...call(id, tool, input),
      { type: 'tool-approval-request', approvalId: `a-${id}`, toolCallId: id },
    ],
    'tanstack-ai': [...emit(id, tool, input), interrupted(id, tool, { input, kind: 'approval' })],
    // Whether somebody has to approve of it is for their agents to say.
    ...callIn(id, tool, input),
  }[framework];
}

function callIn(id: string, tool: string, input: object): Readonly<Record<'openai' | 'anthropic', Turn>> {
  const json = JSON.stringify(input);
  return {
    openai: responses.response([responses.functionCall(tool, json, id)]),
    anthropic: messages.message([messages.call(tool, [json], id)], { reason: 'tool_use' }),
  };
}

function call(toolCallId: string, toolName: string, input: object): Turn {
  return [
    { type: 'start' },
    { type: 'start-step' },
    { type: 'tool-input-start', toolCallId, toolName },
    { type: 'tool-input-delta', toolCallId, inputTextDelta: JSON.stringify(input) },
    { type: 'tool-input-available', toolCallId, toolName, input },
  ];
}

function emit(toolCallId: string, toolCallName: string, input: object): Turn {
  return [
    { type: 'RUN_STARTED', runId: toolCallId, threadId: 't' },
    { type: 'TOOL_CALL_START', toolCallId, toolCallName },
    { type: 'TOOL_CALL_ARGS', toolCallId, delta: JSON.stringify(input) },
    { type: 'TOOL_CALL_END', toolCallId },
  ];
}

function interrupted(
  toolCallId: string,
  toolName: string,
  { input, kind }: { readonly input: object; readonly kind: 'approval' | 'client_tool' },
): object {
  const interrupt = {
    id: `${kind}_${toolCallId}`,
    reason: kind === 'approval' ? 'approval_required' : 'client_tool_input',
    toolCallId,
    metadata: { kind, toolName, input },
  };
  return {
    type: 'RUN_FINISHED',
    runId: toolCallId,
    threadId: 't',
    finishReason: 'tool_calls',
    outcome: { type: 'interrupt', interrupts: [interrupt] },
  };
}
