// example
import { pageLimit, pageOf, type Archive, type ArchivedMessage } from '@holdfast/archive';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { customType, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

/** Compared by code units: other collations sort letters and digits their own way. */
const plainText = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

export const archived = pgTable(
  'archived_messages',
  {
    session: plainText().notNull(),
    serial: plainText().notNull(),
    version: plainText().notNull(),
    entry: text().notNull(), // JSON as text: it escapes what databases refuse in text
  },
  ({ session, serial }) => [primaryKey({ columns: [session, serial] })],
);

const toEntry = ({ entry }: { entry: string }) => JSON.parse(entry) as ArchivedMessage;

export function createDrizzleArchive(db: NodePgDatabase): Archive {
  const { session, serial, version } = archived;
  return {
    async read(name, query = {}) {
      const limit = pageLimit(query);
      const below = query.below === undefined ? undefined : lt(serial, query.below);
      const page = db
        .select()
        .from(archived)
        .where(and(eq(session, name), below));
      return pageOf((await page.orderBy(desc(serial)).limit(limit + 1)).map(toEntry), limit);
    },
    async find(name, of) {
      const rows = await db
        .select()
        .from(archived)
        .where(and(eq(session, name), eq(serial, of)));
      return rows.map(toEntry)[0];
    },
    async save(name, entries) {
      await db.transaction(async (transaction) => {
        for (const entry of entries) {
          const { message } = entry;
          const row = { version: message.version, entry: JSON.stringify(entry) };
          await transaction
            .insert(archived)
            .values({ session: name, serial: message.serial, ...row })
            .onConflictDoUpdate({
              target: [session, serial],
              set: row,
              setWhere: sql`excluded.version >= ${version}`,
            });
        }
      });
    },
    async remove(name) {
      await db.delete(archived).where(eq(session, name));
    },
  };
}
// end
