import { anyText, anything, flag, optional, text, variant } from './guard.ts';

/** An approval decision, or a client tool's result. */
export const answer = variant({
  approval: { approvalId: text, ok: flag, reason: optional(anyText), digest: optional(anyText) },
  output: { output: anything },
  error: { error: anyText },
});
