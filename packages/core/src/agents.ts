export { findRun, runTree, type RunNode, type RunSource } from './agents/run-tree.ts';
export { readDelegation, type Delegation } from './agents/read-delegation.ts';
