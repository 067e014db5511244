import { openSqliteEngine } from '../../src/sqlite.ts';
import { temporaryFile } from '../sqlite/temporary.ts';
import { describeRace } from './race.ts';

describeRace('a gateway on SQLite', async () => openSqliteEngine({ path: temporaryFile() }), {
  apart: 500,
  together: 100,
});
