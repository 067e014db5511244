import { openSync, closeSync, statSync, truncateSync, writeSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openSqliteEngine } from '../../src/sqlite.ts';
import { create, datas } from '@holdfast/testing/acts';
import { temporaryFile } from './temporary.ts';

const PAGE = 4096;

async function filled(): Promise<string> {
  const path = temporaryFile();
  const engine = openSqliteEngine({ path });
  for (let index = 0; index < 50; index += 1) await create(engine, 'c', `${index}`, 'x'.repeat(2000));
  await engine.close();
  return path;
}

async function readAll(path: string): Promise<unknown> {
  const engine = openSqliteEngine({ path });
  try {
    return await datas(engine, 'c');
  } finally {
    await engine.close();
  }
}

function overwrite(path: string, from: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, from);
  closeSync(file);
}

it('a file with damaged pages says so', async () => {
  const path = await filled();
  const pages = statSync(path).size / PAGE;
  overwrite(path, 2 * PAGE, Buffer.alloc((pages - 2) * PAGE, 0xff));
  await expect(readAll(path)).rejects.toMatchObject({
    name: 'ChannelError',
    code: 'internal',
    message: expect.stringContaining('damaged'),
  });
});

it('a file that was cut short says so', async () => {
  const path = await filled();
  truncateSync(path, 3 * PAGE);
  await expect(readAll(path)).rejects.toMatchObject({ name: 'ChannelError', code: 'internal' });
});
