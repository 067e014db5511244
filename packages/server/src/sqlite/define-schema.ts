import { ChannelError } from '@holdfast/channel';
import type { Database } from './database.ts';

export interface SchemaDefinition {
  /** In the file's header: says whose it is. */
  readonly mark: number;
  /** What each version adds to the one before; `user_version` counts how many a file has had. */
  readonly steps: readonly string[];
}

export interface Schema {
  /**
   * Refuses a database that is another application's, or a newer version's.
   *
   * @throws ChannelError `invalid`, `unsupported`
   */
  readonly check: (database: Database) => void;
  /** Brings a database that has passed the check to this version's schema. */
  readonly migrate: (database: Database) => void;
}

export function defineSchema({ mark, steps }: SchemaDefinition): Schema {
  return {
    check(database) {
      const version = pragma(database, 'user_version');
      const marked = pragma(database, 'application_id') === mark;
      if (version === 0 ? !isEmpty(database) : !marked)
        throw new ChannelError('invalid', "The file is another application's database.", { path: 'path' });
      if (version > steps.length)
        throw new ChannelError(
          'unsupported',
          `The file has schema ${version}, and this version of @holdfast/server knows those up to ${steps.length}. Use a newer one.`,
        );
    },
    migrate(database) {
      const version = pragma(database, 'user_version');
      if (version === steps.length) return;
      database.transaction(() => {
        for (const step of steps.slice(version)) database.exec(step);
        database.exec(`PRAGMA application_id = ${mark}`);
        database.exec(`PRAGMA user_version = ${steps.length}`);
      });
    },
  };
}

function pragma(database: Database, name: string): number {
  return database.prepare<Record<string, number>>(`PRAGMA ${name}`).get()?.[name] ?? 0;
}

function isEmpty(database: Database): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}
