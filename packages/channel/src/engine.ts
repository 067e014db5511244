export type * from './engine/port.ts';
export type * from './engine/tiers.ts';
export * from './engine/clock.ts';
export {
  ownerOf,
  planCommit,
  type CommitContext,
  type CommitPlan,
  type CommitView,
  type Stored,
  type Write,
} from './engine/commit.ts';
export { pageOf, annotationPageOf, readLimit, tickOfCursor } from './engine/paging.ts';
export { createPresenceBoard, type PresenceBoard } from './engine/presence-board.ts';
export { createTails, type Tails } from './engine/tails.ts';
export { createMemoryEngine, type MemoryEngineOptions } from './engine/memory-engine.ts';
export { createEngineChannels, type EngineChannelsOptions } from './engine/engine-channels.ts';
export { decodeText, encodeText } from './engine/text.ts';
export { createMemoryColdStore } from './engine/memory-cold-store.ts';
export { fingerprint } from './engine/fingerprint.ts';
export { namesOf } from './engine/names.ts';
