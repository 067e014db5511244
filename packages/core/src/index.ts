export type * from './ids.ts';
export type * from './records.ts';
export * from './snapshot.ts';
export * from './errors.ts';
export type * from './session.ts';
export type * from './agent.ts';
