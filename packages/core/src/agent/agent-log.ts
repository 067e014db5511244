import type { SessionLog } from '../log/session-log.ts';
import type { Projection } from '../projection/types.ts';

/** A session's log with all that an agent asks of it. */
export type AgentLog = SessionLog<Projection>;
