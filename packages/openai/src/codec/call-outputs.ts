import type { JsonValue, Part, ToolPart } from '@holdfast/codec';

const UNFINISHED = 'The call was stopped before its input was complete.';
const UNANSWERED = 'The call was stopped before it had a result.';
const DENIED = 'The call was denied.';

/** What became of a call: an output, or why there is none. */
export type CallOutput = { readonly output: JsonValue } | { readonly error: string };

export interface Calls {
  outputOf(id: string): CallOutput;
  /** As models are given it. */
  textOf(output: CallOutput): string;
  /** Whether somebody agreed to a call, and what was said about that. */
  decisionOf(id: string): { readonly ok: boolean; readonly reason?: string };
}

/** What became of the calls among some parts; nothing else will, so that each has some output. */
export function createCalls(parts: readonly Part[]): Calls {
  const find = (id: string): ToolPart | undefined =>
    parts.find((part): part is ToolPart => part.type === 'tool' && part.callId === id);
  return {
    outputOf(id) {
      const part = find(id);
      switch (part?.state) {
        case 'result':
          return { output: part.output ?? null };
        case 'error':
          return { error: part.error ?? UNANSWERED };
        case 'denied': {
          const reason = part.approval?.reason;
          return { error: reason === undefined ? DENIED : `${DENIED} ${reason}` };
        }
        case 'input':
          return { error: UNFINISHED };
        default:
          return { error: UNANSWERED };
      }
    },
    textOf(said) {
      if ('error' in said) return said.error;
      return typeof said.output === 'string' ? said.output : JSON.stringify(said.output);
    },
    decisionOf(id) {
      const { ok = false, reason } = find(id)?.approval ?? {};
      return { ok, ...(reason !== undefined && { reason }) };
    },
  };
}
