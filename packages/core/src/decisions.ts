import type { Claims, JsonValue } from '@holdfast/channel';
import type { ToolPart } from '@holdfast/codec';
import type { Who } from './calls/who.ts';
import type { DeviceId, RecordId } from './ids.ts';
import type { Role, Run } from './snapshot.ts';

/** A call that somebody is asked to approve. */
export interface ApprovalAsk {
  readonly approvalId: string;
  readonly callId: string;
  /** The tool's name. */
  readonly tool: string;
  readonly input: JsonValue;
}

/** Who decides, as the channel has stamped it. */
export interface Approver {
  readonly clientId?: string;
  readonly claims?: Claims;
  readonly role: Role;
}

/** What an approval takes. Everybody sees `who`, `need` and the deadline; the functions are the agent's alone. */
export interface ApprovalPolicy {
  /** Nobody else may decide. Default: everybody who may write `answer` records. */
  readonly who?: Who;
  /**
   * Whether somebody may decide, be it for or against; a text says why not. It is called when the decision is judged, which
   * may be days later and in another process. What it throws refuses the decision.
   */
  readonly may?: (approver: Approver) => boolean | string | Promise<boolean | string>;
  /** How many different people have to approve; one denial ends it. Default 1. */
  readonly need?: number;
  /** How long it can be decided, in milliseconds; then the call counts as denied. Default: for ever. */
  readonly withinMs?: number;
  /**
   * Takes the arguments as who approved has changed them: returns those that the tool runs with, or throws an error whose
   * message says what is wrong with them. Without it, and where several people decide, no other arguments are taken.
   */
  readonly edit?: (input: JsonValue) => JsonValue | Promise<JsonValue>;
}

/** Whether a call may run, as its run's log has it. */
export interface ApprovalOutcome {
  readonly callId: string;
  readonly ok: boolean;
  /** What was approved of: the arguments as they were changed, where they were. */
  readonly input: JsonValue;
  readonly reason?: string;
  /** The record that decided; absent where nobody did in time. */
  readonly record?: RecordId;
}

export interface RequestOptions {
  /**
   * Names the call within the run, so that a handler that is called again finds it. Default: the tool's name and how often
   * this handler has asked for that.
   */
  readonly id?: string;
}

export interface ApprovalRequest extends ApprovalPolicy, RequestOptions {
  /** Why it is asked, for who decides. */
  readonly reason?: string;
}

export interface ToolRequest extends RequestOptions {
  /** The device that runs it. Default: see `AgentOptions.clientTools`. */
  readonly device?: DeviceId;
  /** After this long, in milliseconds, the call has an error for a result. Default: never. */
  readonly timeoutMs?: number;
}

/** What a tool of the agent itself is given. */
export interface ToolContext {
  readonly callId: string;
  /** `run:call`: the same whenever this call is tried. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  /** Shows what there is so far. */
  readonly progress: (output: JsonValue) => void;
}

export interface ToolOptions extends RequestOptions {
  /** May be run again where a process was lost while it ran. Default false: then the call has an error for a result. */
  readonly idempotent?: boolean;
}

/** A device that says in its presence data which client tools it runs: `{ device, tools }`, as `handleTools` does. */
export interface AttachedDevice {
  readonly device: DeviceId;
  readonly clientId?: string;
  readonly tools: readonly string[];
}

/** Which device runs a client's tool (P18). */
export interface ClientToolOptions {
  /**
   * Chooses among the devices that are there and have the tool. Default: the one that asked, also where it doesn't say that
   * it is there; once that is gone, another one of the same identity.
   */
  readonly choose?: (
    call: ToolPart,
    devices: readonly AttachedDevice[],
    run: Run,
  ) => AttachedDevice | undefined;
  /** A call whose device is gone for this long, in milliseconds, is given to another one. Default 5000. */
  readonly awayMs?: number;
}
