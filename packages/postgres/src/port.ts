import type { CreateOperation } from '@holdfast/channel';
import type { Engine, Publisher } from '@holdfast/channel/engine';
import type { ClientBase } from 'pg';
import type { GroupLimits } from './storage/commit-group.ts';
import type { Staged } from './transaction/publish-in.ts';

export interface EngineOptions {
  readonly maxMessageBytes?: number;
  readonly presenceLeaseMs?: number;
  readonly now?: () => number;
  readonly retryMs?: number;
  readonly pollMs?: number;
  readonly gatherMs?: number;
  /** Bytes of messages in use that are kept in memory. Default 64 MiB. */
  readonly hotBytes?: number;
  /** Bytes of changed messages that catching up reads at most; beyond it the reader gets a gap. Default 64 MiB. */
  readonly catchUpBytes?: number;
  readonly groups?: GroupLimits;
  readonly retentionDays?: number;
}

/** An engine that can also publish in transactions of its caller's. */
export interface PostgresEngine extends Engine {
  /**
   * Publishes creates in a transaction that the caller has begun on `client` and will commit, so that they are stored if
   * and only if what else it writes is. Nothing is locked until the commit: then the session's row is, and serials and
   * timestamps are those of that moment (P29). Publishers and drafts are checked as for any other publish; a conflict that
   * comes up only at the commit fails it with SQLSTATE `HF409` (an id was used for another message) or `HF404` (a message
   * to be sealed is not there).
   *
   * @throws ChannelError `invalid`, `conflict`, `not_found`, `too_large`, `unsupported` (another operation than creates, or
   * the transaction is not READ COMMITTED), `unavailable`, `closed`
   */
  publishIn(
    client: Pick<ClientBase, 'query'>,
    channel: string,
    publisher: Publisher,
    operations: readonly CreateOperation[],
  ): Promise<Staged>;
}
