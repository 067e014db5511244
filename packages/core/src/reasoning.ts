export {
  openReasoning,
  type Reasoning,
  type ReasoningOptions,
  type ReasoningSnapshot,
  type Thought,
} from './reasoning/open-reasoning.ts';
export { reasoningLane } from './reasoning/thread.ts';
