import { ChannelError, isChannelError, type ChannelErrorCode } from '@holdfast/channel';

export interface Meaning {
  /** What the error's text begins with, or its class. */
  readonly sign: string;
  readonly code: ChannelErrorCode;
  readonly message: string;
  /** Whether it passes by itself, so that the engine tries again for a while before it gives up. */
  readonly passes?: true;
}

const BREAK = 'The connection to Redis broke before the answer came. Trying again is safe.';
const LATE = 'Redis did not answer in time: it may have happened or not. Trying again is safe.';
const OFFLINE = 'Redis cannot be reached. Check its address and that it runs; trying again can help.';
const NO_LOGIN = 'Redis refused the login. Give the client the right user name and password.';

/** Redis's own errors by their first word, and those of the client libraries by class or by text. */
export const REDIS_ERRORS: readonly Meaning[] = [
  {
    sign: 'OOM',
    code: 'storage_full',
    message: 'Redis has no memory left (maxmemory). Nothing was stored; make room and try again.',
  },
  {
    sign: 'MISCONF',
    code: 'storage_full',
    message: 'Redis cannot write to its disk and takes no changes. Nothing was stored; see its log.',
  },
  {
    sign: 'READONLY',
    code: 'unavailable',
    message: 'This Redis is a read-only replica. Connect the client to the primary.',
  },
  {
    sign: 'NOREPLICAS',
    code: 'unavailable',
    message: 'Redis has too few replicas in touch (min-replicas-to-write). Nothing was stored.',
  },
  { sign: 'NOAUTH', code: 'unauthenticated', message: NO_LOGIN },
  { sign: 'WRONGPASS', code: 'unauthenticated', message: NO_LOGIN },
  {
    sign: 'ERR AUTH',
    code: 'unauthenticated',
    message: 'This Redis has no password set, and the client gave one. Take it away from the client.',
  },
  {
    sign: 'NOPERM',
    code: 'forbidden',
    message: 'The Redis user may not do this. It needs the rights that the documentation lists.',
  },
  {
    sign: 'HOLDFASTSCHEMA',
    code: 'unsupported',
    message: 'A newer version of @holdfast/redis wrote this session. Use that version or a newer one.',
  },
  {
    sign: 'HOLDFASTTIERED',
    code: 'unsupported',
    message:
      'A part of this session lies in a cold store. Open it with createTieredEngine of @holdfast/tiered.',
  },
  {
    sign: 'WRONGTYPE',
    code: 'internal',
    message: 'The key belongs to another application. Use another prefix.',
  },
  { sign: 'LOADING', code: 'unavailable', message: 'Redis is loading its data.', passes: true },
  { sign: 'BUSY', code: 'unavailable', message: 'Redis is busy with a long script.', passes: true },
  { sign: 'TRYAGAIN', code: 'unavailable', message: 'The cluster is moving the session.', passes: true },
  { sign: 'CLUSTERDOWN', code: 'unavailable', message: 'The Redis cluster is down.', passes: true },
  { sign: 'MASTERDOWN', code: 'unavailable', message: 'The Redis primary is down.', passes: true },
  {
    sign: 'ERR unknown command',
    code: 'unsupported',
    message: 'This Redis is too old, or forbids a command. Redis 7.0 or newer, or Valkey, is needed.',
  },
  {
    sign: 'ERR Unknown Redis command',
    code: 'unsupported',
    message: 'This Redis is too old, or forbids a command. Redis 7.0 or newer, or Valkey, is needed.',
  },
  {
    sign: 'CROSSSLOT',
    code: 'unsupported',
    message: 'The cluster does not keep the keys of one hash tag together. Such a cluster cannot be used.',
  },
  { sign: 'SocketClosedUnexpectedlyError', code: 'unknown_outcome', message: BREAK, passes: true },
  { sign: 'SocketTimeoutError', code: 'unknown_outcome', message: BREAK, passes: true },
  { sign: 'DisconnectsClientError', code: 'unknown_outcome', message: BREAK, passes: true },
  { sign: 'Connection is closed.', code: 'unknown_outcome', message: BREAK, passes: true },
  { sign: 'MaxRetriesPerRequestError', code: 'unknown_outcome', message: BREAK, passes: true },
  { sign: 'Command timed out', code: 'unknown_outcome', message: LATE, passes: true },
  // node-redis gives up on what it could not send within five seconds, on a machine that is too busy for one.
  { sign: 'TimeoutError', code: 'unknown_outcome', message: LATE, passes: true },
  { sign: 'CommandTimeoutDuringMaintenanceError', code: 'unknown_outcome', message: LATE, passes: true },
  { sign: 'SocketTimeoutDuringMaintenanceError', code: 'unknown_outcome', message: LATE, passes: true },
  { sign: 'ECONNRESET', code: 'unknown_outcome', message: BREAK, passes: true },
  { sign: 'EPIPE', code: 'unknown_outcome', message: BREAK, passes: true },
  { sign: 'ClientOfflineError', code: 'unavailable', message: OFFLINE, passes: true },
  { sign: "Stream isn't writeable", code: 'unavailable', message: OFFLINE, passes: true },
  { sign: 'ConnectionTimeoutError', code: 'unavailable', message: OFFLINE, passes: true },
  { sign: 'RootNodesUnavailableError', code: 'unavailable', message: OFFLINE, passes: true },
  { sign: 'ClusterAllFailedError', code: 'unavailable', message: OFFLINE, passes: true },
  { sign: 'ECONNREFUSED', code: 'unavailable', message: OFFLINE, passes: true },
  { sign: 'ENOTFOUND', code: 'unavailable', message: OFFLINE, passes: true },
  { sign: 'ETIMEDOUT', code: 'unavailable', message: OFFLINE, passes: true },
  {
    sign: 'ClientClosedError',
    code: 'unavailable',
    message: 'The Redis client is not connected, or was closed. Connect it, and close the engine before it.',
  },
];

/** The engine gave up waiting. */
export const UNREACHED: Meaning = { sign: '', code: 'unavailable', message: OFFLINE };
export const UNANSWERED: Meaning = { sign: '', code: 'unknown_outcome', message: LATE };

const OTHERWISE: Meaning = { sign: '', code: 'internal', message: 'The Redis engine failed.' };

export function meaningOf(error: unknown): Meaning {
  if (!(error instanceof Error)) return OTHERWISE;
  const code = 'code' in error ? String(error.code) : '';
  // Scripts put the error of a command behind words of their own.
  const text = error.message.replace(/^ERR Error running script.*?: @?user_script:\d+: ?/, '');
  const signs = [error.constructor.name, error.name, code];
  return (
    REDIS_ERRORS.find(({ sign }) => signs.includes(sign) || text === sign || startsWithWord(text, sign)) ??
    OTHERWISE
  );
}

/** Whether a script's keys belong to several slots of a cluster. */
export function spansSlots(error: unknown): boolean {
  return (
    error instanceof Error && error.cause instanceof Error && error.cause.message.startsWith('CROSSSLOT')
  );
}

export function toChannelError(cause: unknown, meaning: Meaning = meaningOf(cause)): ChannelError {
  return isChannelError(cause) ? cause : new ChannelError(meaning.code, meaning.message, { cause });
}

function startsWithWord(text: string, sign: string): boolean {
  return text.startsWith(sign) && !/^\w/.test(text.slice(sign.length));
}
