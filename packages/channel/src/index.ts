export type * from './json.ts';
export type * from './ids.ts';
export type * from './message.ts';
export type * from './annotation.ts';
export type * from './operation.ts';
export type * from './delivery.ts';
export type * from './presence.ts';
export type * from './contract.ts';
export * from './errors.ts';
