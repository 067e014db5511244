export type * from './json.ts';
export * from './control.ts';
export type * from './part.ts';
export type * from './codec.ts';
export * from './errors.ts';
