import { decodeText, encodeText } from '@holdfast/channel/engine';
import type { Member } from '@holdfast/channel';
import type { Database } from '../connection/database.ts';

export interface Seat {
  readonly channel: string;
  readonly member: Member;
}

/** Members in the database, each until its lease runs out by the database's clock. */
export interface PresenceTable {
  /** Adds members or renews them. Returns those that were not there. */
  put(seats: readonly Seat[]): Promise<readonly Seat[]>;
  /** The member that left; undefined where there was none. */
  remove(channel: string, memberId: string): Promise<Member | undefined>;
  /** Renews what a member has entered; returns the channels. */
  renew(memberId: string): Promise<readonly string[]>;
  /** Members of these channels whose leases run. */
  read(channels: readonly string[]): Promise<readonly Seat[]>;
  /** Takes those out whose leases have run out, each by one process only. */
  sweep(): Promise<readonly Seat[]>;
}

interface Row {
  readonly channel: string;
  readonly member: string;
}

export function createPresenceTable(database: Database, schema: string, leaseMs: number): PresenceTable {
  const table = `${schema}.presence`;
  const expires = `clock_timestamp() + interval '${leaseMs} milliseconds'`;
  const seatOf = ({ channel, member }: Row): Seat => ({
    channel: decodeText(channel),
    member: JSON.parse(member) as Member,
  });
  const rowsOf = (seats: readonly Seat[]): string =>
    JSON.stringify(
      seats.map(({ channel, member }) => ({
        channel: encodeText(channel),
        member_id: encodeText(member.memberId),
        member: JSON.stringify(member),
      })),
    );
  return {
    async put(seats) {
      const rows = await database.read<Row>(
        `INSERT INTO ${table} AS p (channel, member_id, member, expires)
        SELECT channel, member_id, member, ${expires}
        FROM json_to_recordset($1::json) AS new (channel text, member_id text, member text)
        ON CONFLICT (channel, member_id) DO UPDATE SET member = excluded.member, expires = excluded.expires
        RETURNING p.channel, p.member, p.xmax = 0 AS inserted`,
        [rowsOf(seats)],
      );
      return rows.filter((row) => 'inserted' in row && row.inserted === true).map(seatOf);
    },
    async remove(channel, memberId) {
      const rows = await database.read<Row>(
        `DELETE FROM ${table} WHERE channel = $1 AND member_id = $2 RETURNING channel, member`,
        [encodeText(channel), encodeText(memberId)],
      );
      return rows.map(seatOf)[0]?.member;
    },
    async renew(memberId) {
      const rows = await database.read<Row>(
        `UPDATE ${table} SET expires = ${expires} WHERE member_id = $1 RETURNING channel, member`,
        [encodeText(memberId)],
      );
      return rows.map(({ channel }) => decodeText(channel));
    },
    async read(channels) {
      const rows = await database.read<Row>(
        `SELECT channel, member FROM ${table}
        WHERE channel = ANY ($1::text[]) AND expires > clock_timestamp() ORDER BY channel, member_id`,
        [channels.map(encodeText)],
      );
      return rows.map(seatOf);
    },
    async sweep() {
      const rows = await database.read<Row>(
        `DELETE FROM ${table} WHERE expires <= clock_timestamp() RETURNING channel, member`,
      );
      return rows.map(seatOf);
    },
  };
}
