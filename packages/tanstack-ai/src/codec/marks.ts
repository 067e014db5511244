/** Names this framework in `raw` controls and in `x` fields. */
export const FRAMEWORK = 'tanstack-ai';

/**
 * What only this framework's messages have travels in `raw` parts, in its place among the others; readers of other
 * frameworks pass over them.
 */
export const MARKS = {
  /** A message begins, or what is known of one: `at` is its index in the answer. */
  message: `${FRAMEWORK}/message`,
  /** What a call shows that does not follow from the neutral part, such as the spelling of its arguments. */
  call: `${FRAMEWORK}/call`,
  /** The result of a call stands here. */
  result: `${FRAMEWORK}/result`,
  /** A part of a kind that only this framework has. */
  part: `${FRAMEWORK}/part`,
  /** An event of a known type that had no place where it came: nothing shows it. */
  unplaced: `${FRAMEWORK}/unplaced`,
} as const;
