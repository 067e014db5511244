import type { JsonValue } from '@holdfast/codec';
import type { RunId } from '../ids.ts';

/** What a tool is told beside its input. */
export interface ToolContext {
  readonly session: string;
  readonly run: RunId;
  readonly callId: string;
  /** Aborts when the run is cancelled, taken over or the agent closes. */
  readonly signal: AbortSignal;
}

/** A tool that the agent runs. */
export interface Tool {
  /**
   * Does what a call asks for. What it returns is JSON, and goes to the model and to everybody in the session; a failure is
   * told as `describeError` has it. `input` is what the model wrote: nobody has checked it.
   */
  run(input: JsonValue, context: ToolContext): unknown;
  /** Whether somebody has to agree first. Default false. */
  readonly needsApproval?: boolean | ((input: JsonValue) => boolean | Promise<boolean>);
}

export type Tools = Readonly<Record<string, Tool>>;
