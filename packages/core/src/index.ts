export type * from './ids.ts';
export type * from './records.ts';
export * from './snapshot.ts';
export * from './errors.ts';
export type * from './session.ts';
export type { OpenOutbox, Unsent, UnsentMessage, Withdrawal } from './session/outbox.ts';
export { openSession } from './session/open-session.ts';
export { promote } from './session/promote.ts';
export type { ReadOptions } from './read/options.ts';
export { shareSelection, type SharedSelection } from './branches/share-selection.ts';
export { readRun } from './read/read-run.ts';
export { readApproval, decideApproval, type Approval } from './calls/approval.ts';
export {
  handleTools,
  type ClientTool,
  type ClientToolContext,
  type HandleToolsOptions,
} from './calls/handle-tools.ts';
export { feedRuns, type FeedItem } from './read/feed-runs.ts';
export type { RunHealth } from './health/run-health.ts';
export { watchHealth, type HealthOptions, type HealthWatch } from './health/watch-health.ts';
export type * from './agent.ts';
export type {
  AttentionOptions,
  AttentionPolicy,
  AttentionReport,
  Unattended,
} from './agent/attention/policy.ts';
export { watchersOf } from './attention/watchers.ts';
export { enterWatching, type EnterWatchingOptions, type Page } from './attention/enter-watching.ts';
export type * from './decisions.ts';
export type * from './delegation.ts';
export { createAgent } from './agent/create-agent.ts';
export type { RecoveryBudget } from './agent/budget.ts';
export type { ListenOptions } from './agent/inbox/listen.ts';
export type { HandleOptions, InvocationOptions } from './agent/invocation/handler.ts';
export { createInvoker, type Invoker, type InvokerOptions } from './agent/invocation/create-invoker.ts';
export {
  signInvocation,
  verifyInvocation,
  type Invocation,
  type SignInvocationOptions,
  type VerifyInvocationOptions,
} from './agent/invocation/invocation.ts';
export { InvocationError, type InvocationErrorCode } from './agent/invocation/invocation-error.ts';
export { openWaking, wakeAgents, type WakeAgentsOptions } from './wakes/wake-agents.ts';
export { repeatWakes, type RepeatWakesOptions } from './wakes/repeat-wakes.ts';
export { inboxOf } from './wakes/inbox-records.ts';
export { mayChange, mayPublish, mayWrite, roleOf } from './records/authority.ts';
export { parseRecord, type ParsedRecord } from './records/parse.ts';
export { isRecordKind } from './records/table.ts';
