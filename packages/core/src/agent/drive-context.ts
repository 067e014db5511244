import type { AgentOptions } from '../agent.ts';
import type { RunId } from '../ids.ts';
import type { Audience } from './attention/audience.ts';
import type { Surroundings } from './decisions/take-up.ts';

/** What the work on any run of one session needs of its agent. */
export interface DriveContext<Chunk, Prompt> extends Surroundings {
  readonly options: AgentOptions<Chunk, Prompt>;
  readonly leaseMs: number;
  /** Aborts when the agent gives up what is under way. */
  readonly closing: AbortSignal;
  /** Aborts when the agent takes no more runs: those that wait for somebody are left to others. */
  readonly leaving: AbortSignal;
  readonly report: (error: unknown, run: RunId) => void;
  /** Opened where something depends on who watches. */
  readonly audience?: Audience | undefined;
  /** Why the run is turned down instead of done. */
  readonly reject?: string;
  /** Told when a handler asks somebody, and waits in this process. */
  readonly onAsk?: (run: RunId) => void;
}
