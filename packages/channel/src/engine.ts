export type * from './engine/port.ts';
