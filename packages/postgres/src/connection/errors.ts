import { ChannelError, isChannelError, type ChannelErrorCode } from '@holdfast/channel';

interface Meaning {
  /** Postgres' name of the condition. */
  readonly condition: string;
  readonly code: ChannelErrorCode;
  readonly message: string;
  /** The code where it keeps the engine from opening: later on it is not the caller's credentials that are wrong. */
  readonly opening?: ChannelErrorCode;
}

const unavailable = (condition: string, message: string): Meaning => ({
  condition,
  code: 'unavailable',
  message,
});

const REFUSED = 'Postgres refuses the login of the pool. Check its user, password and pg_hba.conf.';
const ENDED = 'Postgres ended the connection: it is shutting down or was told to. Nothing was stored.';
const YIELDED = 'Postgres took the transaction back in favour of another one. Nothing was stored; try again.';
const SCHEMA = "The engine's tables are not as they were made. Restore the schema, or drop it to begin anew.";

/** By SQLSTATE; one that is not listed counts as its class (the first two characters). */
export const POSTGRES_ERRORS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['08', unavailable('connection_exception', 'The connection to Postgres failed.')],
  [
    '25006',
    unavailable(
      'read_only_sql_transaction',
      'Postgres is read-only: a standby, or default_transaction_read_only is on. Connect to the primary.',
    ),
  ],
  ['25P03', unavailable('idle_in_transaction_session_timeout', ENDED)],
  ['28', { ...unavailable('invalid_authorization_specification', REFUSED), opening: 'unauthenticated' }],
  [
    '3D000',
    {
      ...unavailable('invalid_catalog_name', 'There is no such database. Create it, or correct its name.'),
      opening: 'invalid',
    },
  ],
  ['40', unavailable('transaction_rollback', YIELDED)],
  [
    '42501',
    {
      condition: 'insufficient_privilege',
      code: 'internal',
      opening: 'forbidden',
      message: "The pool's user may not use the engine's schema. Grant it, or create the schema for it.",
    },
  ],
  ['42', { condition: 'syntax_error_or_access_rule_violation', code: 'internal', message: SCHEMA }],
  ['3F000', { condition: 'invalid_schema_name', code: 'internal', message: SCHEMA }],
  [
    '53100',
    {
      condition: 'disk_full',
      code: 'storage_full',
      message: 'The disk of Postgres is full. Nothing was stored; make room and try again.',
    },
  ],
  ['53300', unavailable('too_many_connections', 'Postgres has no connection left. Use smaller pools.')],
  ['53', unavailable('insufficient_resources', 'Postgres lacks memory or another resource.')],
  [
    '54',
    {
      condition: 'program_limit_exceeded',
      code: 'too_large',
      message: 'It is more than Postgres can store.',
    },
  ],
  ['55P03', unavailable('lock_not_available', 'Another transaction holds the session for too long.')],
  ['57014', unavailable('query_canceled', 'The statement took longer than statement_timeout allows.')],
  ['57P03', unavailable('cannot_connect_now', 'Postgres is starting up or shutting down. Try again.')],
  ['57', unavailable('operator_intervention', ENDED)],
  ['58', unavailable('system_error', 'The disk failed to read or write the database. Nothing was stored.')],
  ['XX', { condition: 'internal_error', code: 'internal', message: 'Postgres found its data damaged.' }],
]);

const OTHERWISE: Meaning = { condition: '', code: 'internal', message: 'The Postgres engine failed.' };
const UNREACHABLE = unavailable(
  '',
  'Postgres cannot be reached. Check that it runs, and the host and port of the pool.',
);

/** What went wrong in a statement, in the channel's terms; a ChannelError stays as it is. */
export function toChannelError(cause: unknown): ChannelError {
  if (isChannelError(cause)) return cause;
  const { code, message } = meaningOf(cause);
  return new ChannelError(code, message, { cause });
}

/** The same for what keeps an engine from opening. */
export function toOpenError(error: unknown): ChannelError {
  const cause = isChannelError(error) ? error.cause : error;
  const { code, message, opening = code } = meaningOf(cause);
  if (opening === code) return toChannelError(error);
  return new ChannelError(opening, message, opening === 'invalid' ? { cause, path: 'pool' } : { cause });
}

/** Whether the connection is gone, so that nobody can say how far a statement got. */
export function isConnectionLost(error: unknown): boolean {
  if (isChannelError(error)) return isConnectionLost(error.cause);
  const state = stateOf(error);
  return state === undefined ? isNetwork(error) : /^(08|57P|25P03)/.test(state);
}

/** Whether another try may do: the connection broke, or Postgres took the transaction back for another one. */
export function isTransient(error: ChannelError): boolean {
  return isConnectionLost(error) || /^(40|55P03)/.test(stateOf(error.cause) ?? '');
}

function meaningOf(error: unknown): Meaning {
  const state = stateOf(error);
  if (state === undefined) return isNetwork(error) ? UNREACHABLE : OTHERWISE;
  return POSTGRES_ERRORS.get(state) ?? POSTGRES_ERRORS.get(state.slice(0, 2)) ?? OTHERWISE;
}

/** The SQLSTATE: the driver's errors from the server have a severity beside it, unlike those of the network. */
function stateOf(error: unknown): string | undefined {
  return error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** What the network throws has a code; what the driver says of it by itself, only words. */
function isNetwork(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    'syscall' in error ||
    error instanceof AggregateError ||
    /connection|connect$|timeout/i.test(error.message)
  );
}
