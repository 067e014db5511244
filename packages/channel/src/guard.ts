import type { Channels } from './contract.ts';
import { checkAnnotationsQuery, checkHistoryQuery } from './guard/arguments.ts';
import { guardWith, type ArgumentChecks } from './guard/guarded-channels.ts';
import { checkJson } from './guard/json.ts';
import { checkDraft, checkOperations } from './guard/operations.ts';

const COMPLETE: ArgumentChecks = {
  operations: checkOperations,
  draft: (draft, { maxMessageBytes }) => checkDraft(draft, 'draft', maxMessageBytes),
  history: checkHistoryQuery,
  annotations: checkAnnotationsQuery,
};

/** What lies at depth 0 is the data: in a draft, which is in an operation, which is in a list. */
const CARRIED: ArgumentChecks = {
  operations: (operations) => checkJson(operations, 'operations', -3),
  draft: (draft) => checkJson(draft, 'draft', -1),
};

/**
 * Puts the checks that every adapter owes its callers in front of one: arguments are what the contract says, or refused
 * with the path of the bad field; after `close()` everything throws `closed`; one object for each name.
 */
export function guardChannels(driver: Channels): Channels {
  return guardWith(COMPLETE, driver);
}

/**
 * The same for an adapter whose backend stands behind a guard of its own, and says what that refused with the same code and
 * path: here only what JSON would drop or change is refused, for nobody could tell afterwards.
 */
export function guardRemoteChannels(driver: Channels): Channels {
  return guardWith(CARRIED, driver);
}
