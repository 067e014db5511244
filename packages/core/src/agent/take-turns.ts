import type { JsonValue, Part, ToolPart } from '@holdfast/codec';
import type { AgentRun, Steer } from '../agent.ts';
import type { Tool, Tools } from './tool.ts';

/** How the model's turn ended: it is done or waits for its calls, it wants to go on by itself, or it failed. */
export type Turn =
  { readonly is: 'over' } | { readonly is: 'paused' } | { readonly is: 'failed'; readonly reason: string };

/** What became of a call, or is wanted for it, as chunks of the agent's codec. */
type CallChunk =
  | { readonly type: 'holdfast.call_output'; readonly call_id: string; readonly output: JsonValue }
  | { readonly type: 'holdfast.call_output'; readonly call_id: string; readonly error: string }
  | { readonly type: 'holdfast.call_output'; readonly call_id: string; readonly denied: true }
  | { readonly type: 'holdfast.approval_request'; readonly call_id: string; readonly approval_id: string };

export interface TurnOptions {
  /** Has the model say something, and publishes it. */
  readonly turn: () => Promise<Turn>;
  /** The tools that the agent runs; a call of any other one waits for a client. */
  readonly tools: Tools;
  /** How often the model may be called before the run ends as `error`. */
  readonly maxTurns: number;
  readonly describeError: (error: unknown) => string;
}

/**
 * Has a model take its turns until it has nothing more to ask for: runs the calls that the agent has tools for, and gives back
 * what people say meanwhile. Where a call waits for a client or for somebody's approval, the run rests there, and goes on when
 * it is taken up.
 */
export async function takeTurns<Chunk, Prompt>(
  run: AgentRun<Chunk | CallChunk, Prompt>,
  { turn, tools, maxTurns, describeError }: TurnOptions,
): Promise<void> {
  const steers: Steer[] = [];
  const stop = run.onSteer((steer) => void steers.push(steer));
  const work = createWork(run, tools, describeError);
  try {
    await work.carryOut();
    for (let count = 0; ; count += 1) {
      if (count === maxTurns) throw new Error(`The model took more than ${maxTurns} turns.`);
      for (const steer of steers.splice(0)) run.deliver(steer);
      run.state({ doing: 'thinking' });
      const end = await turn();
      if (end.is === 'failed') {
        run.end('error', end.reason);
        return;
      }
      const calls = await work.answer();
      if (calls === 'waiting' || (calls === 'none' && end.is === 'over' && steers.length === 0)) return;
    }
  } finally {
    stop();
  }
}

interface Work {
  /** Does what was decided about calls while the run rested. */
  carryOut(): Promise<void>;
  /** Runs the calls of the last turn. */
  answer(): Promise<'none' | 'answered' | 'waiting'>;
}

function createWork<Chunk, Prompt>(
  run: AgentRun<Chunk | CallChunk, Prompt>,
  tools: Tools,
  describeError: (error: unknown) => string,
): Work {
  const toolOf = ({ name }: ToolPart): Tool | undefined =>
    Object.hasOwn(tools, name) ? tools[name] : undefined;

  const execute = async (tool: Tool, { callId, input = null, name }: ToolPart): Promise<CallChunk> => {
    const { id, session, signal } = run;
    const told = { type: 'holdfast.call_output', call_id: callId } as const;
    run.state({ doing: 'calling', tool: name });
    try {
      const output = await tool.run(input, { session, run: id, callId, signal });
      return { ...told, output: (output ?? null) as JsonValue };
    } catch (error) {
      return { ...told, error: describeError(error) };
    }
  };

  /** What is to be told about a call, now or when it has run; undefined where it waits for somebody else. */
  const attend = async (call: ToolPart): Promise<CallChunk | undefined> => {
    const tool = toolOf(call);
    if (tool === undefined) return undefined;
    try {
      if (!(await needsApproval(tool, call.input ?? null))) return await execute(tool, call);
    } catch (error) {
      return { type: 'holdfast.call_output', call_id: call.callId, error: describeError(error) };
    }
    return {
      type: 'holdfast.approval_request',
      call_id: call.callId,
      approval_id: `approval-${call.callId}`,
    };
  };

  const decided = async (call: ToolPart): Promise<CallChunk | undefined> => {
    const told = { type: 'holdfast.call_output', call_id: call.callId } as const;
    if (call.state === 'denied') return call.settled === true ? undefined : { ...told, denied: true };
    if (call.state !== 'approved') return undefined;
    // The provider runs it, in a call of its own.
    if (call.by !== undefined) return { ...told, output: { approved: true } };
    const tool = toolOf(call);
    return tool === undefined ? { ...told, error: 'Nobody runs this tool.' } : execute(tool, call);
  };

  return {
    async carryOut() {
      const calls = callsOf(await answerOf(run));
      await run.pipe(asTheyCome(calls.map(decided)));
    },
    async answer() {
      const calls = callsOf(lastStep(await answerOf(run)));
      const own = calls.filter(({ by }) => by === undefined);
      const asked = calls.filter(({ state }) => state === 'asked');
      if (own.length + asked.length === 0) return 'none';
      const told: CallChunk[] = [];
      await run.pipe(asTheyCome(own.filter(({ state }) => state === 'proposed').map(attend), told));
      const isSettled = ({ callId, state }: ToolPart): boolean =>
        state !== 'proposed' ||
        told.some(({ call_id, type }) => call_id === callId && type === 'holdfast.call_output');
      return asked.length === 0 && own.every(isSettled) ? 'answered' : 'waiting';
    },
  };
}

async function needsApproval({ needsApproval: needs = false }: Tool, input: JsonValue): Promise<boolean> {
  return typeof needs === 'function' ? needs(input) : needs;
}

/** The answer as far as it is. */
async function answerOf<Chunk, Prompt>(run: AgentRun<Chunk, Prompt>): Promise<readonly Part[]> {
  const branch = await run.branch();
  const last = branch.at(-1);
  return last?.role === 'assistant' ? last.parts : [];
}

function lastStep(parts: readonly Part[]): readonly Part[] {
  return parts.slice(parts.findLastIndex(({ type }) => type === 'step') + 1);
}

function callsOf(parts: readonly Part[]): readonly ToolPart[] {
  return parts.filter((part): part is ToolPart => part.type === 'tool');
}

/** What promises resolve with, in the order in which they do. */
async function* asTheyCome<Value extends object>(
  promises: readonly Promise<Value | undefined>[],
  told: Value[] = [],
): AsyncGenerator<Value> {
  const pending = new Map(
    promises.map((promise, index) => [index, promise.then((value) => ({ index, value }))] as const),
  );
  while (pending.size > 0) {
    const { index, value } = await Promise.race(pending.values());
    pending.delete(index);
    if (value === undefined) continue;
    told.push(value);
    yield value;
  }
}
