export type { BackendFaults, FaultName, Restore } from './channel/backend-faults.ts';
export type { ChannelBackend, ChannelSuiteOptions } from './channel/backend.ts';
export type { ChannelLaw } from './channel/law.ts';
export { CHANNEL_LAWS, type ChannelLawId } from './channel/laws.ts';
export type { Need } from './channel/need.ts';
export { describeChannel, runLaw, type DescribeChannelOptions } from './channel/suite.ts';
export { formatResult, type LawResult } from './law/report.ts';
export { LawViolation } from './law/violation.ts';
