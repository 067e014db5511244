/** Filled in by the step that adds publishing in a caller's transaction. */
export const STAGING = '';
