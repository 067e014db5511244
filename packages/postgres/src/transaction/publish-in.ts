import { ChannelError, type CreateOperation, type Operation, type Receipt } from '@holdfast/channel';
import {
  createEngineChannels,
  decodeVersion,
  type Engine,
  type Outcome,
  type Publisher,
  encodeText,
} from '@holdfast/channel/engine';
import type { ClientBase } from 'pg';
import type { Connection, Database } from '../connection/database.ts';
import { toChannelError } from '../connection/errors.ts';
import { planJobs, wantedBy, type Job } from '../session/plan.ts';
import type { Store } from '../storage/store.ts';

/** What a caller's transaction publishes when it commits. */
export interface Staged {
  /**
   * The receipts, in order; to be asked for once the transaction has committed.
   *
   * @throws ChannelError `not_found` (it has not committed, or was rolled back), `unavailable`
   */
  receipts(): Promise<readonly Receipt[]>;
}

export interface PublishInParts {
  readonly engine: Engine;
  readonly database: Database;
  readonly store: Store;
  readonly schema: string;
}

/** Stages creates in a transaction that the caller has begun on `client`, and will commit. */
export async function publishIn(
  { engine, database, store, schema }: PublishInParts,
  client: Pick<ClientBase, 'query'>,
  channel: string,
  publisher: Publisher,
  operations: readonly CreateOperation[],
): Promise<Staged> {
  const connection: Connection = {
    async query<Row extends object>(
      statement: Parameters<Connection['query']>[0],
      values: readonly unknown[] = [],
    ) {
      const text = typeof statement === 'string' ? statement : statement.text;
      try {
        return (await client.query<Row>(text, [...values])).rows;
      } catch (error) {
        throw toChannelError(error);
      }
    },
  };
  const stage = async (job: Job): Promise<readonly Outcome[]> => {
    await checkIsolation(connection);
    const known = await store.load(connection, channel, wantedBy([job]));
    const entries = new Map(known?.entries.map((entry) => [entry.stored.message.serial as string, entry]));
    const context = { epoch: '', after: 0, now: Date.now, maxMessageBytes: engine.features.maxMessageBytes };
    const plan = planJobs([job], { entries, annotations: [] }, context);
    const [outcomes] = plan.results;
    if (outcomes === undefined || outcomes instanceof ChannelError) throw toChannelError(outcomes);
    if (outcomes.some(({ ok }) => !ok)) return outcomes;
    // Those that are there already are left out; at commit it is looked at again.
    const seals = new Map(job.operations.map((each) => sealOf(each)));
    const drafts = plan.writes.created.map((row) => ({
      ...row,
      seals: 'id' in row ? seals.get(row.id) : undefined,
    }));
    await connection.query(`INSERT INTO ${schema}.staged (channel, drafts) VALUES ($1, $2::json)`, [
      encodeText(channel),
      JSON.stringify(drafts),
    ]);
    return outcomes;
  };

  // Through a channel, for its checks; what it would return as receipts is not known yet.
  const staging: Engine = {
    ...engine,
    commit: (_, who, list) => stage({ publisher: who, operations: list }),
  };
  await createEngineChannels(staging, publisher).channel(channel).publish(operations);

  return {
    async receipts() {
      const ids = operations.map(({ draft }) => draft.id);
      const loaded = await store.load({ query: database.read }, channel, {
        serials: [],
        ids,
        annotations: [],
      });
      const byId = new Map(loaded?.entries.map(({ stored }) => [stored.message.id, stored.message]));
      return ids.map((id) => {
        const message = byId.get(id);
        if (message === undefined)
          throw new ChannelError('not_found', 'The transaction has not committed, or was rolled back.');
        return { serial: message.serial, version: message.version };
      });
    },
  };
}

function sealOf(operation: Operation): readonly [unknown, number | undefined] {
  if (operation.action !== 'create')
    throw new ChannelError(
      'unsupported',
      'Only creates can be published in a transaction; commit the rest apart.',
    );
  const { draft, seals } = operation;
  return [encodeText(draft.id), seals === undefined ? undefined : decodeVersion(seals)];
}

/** With a snapshot of its beginning, a transaction could not see where the session stands as it commits. */
async function checkIsolation(connection: Connection): Promise<void> {
  const [row] = await connection.query<{ level: string }>(
    `SELECT current_setting('transaction_isolation') AS level`,
  );
  if (row?.level !== 'read committed')
    throw new ChannelError(
      'unsupported',
      `A transaction that publishes must be READ COMMITTED; this one is ${String(row?.level).toUpperCase()}.`,
    );
}
