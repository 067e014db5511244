import { copyFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { decodePosition, decodeVersion, encodePosition, type Engine } from '@holdfast/channel/engine';
import Libsql from 'libsql';
import { expect, it } from 'vitest';
import { openSqliteEngine } from '../../src/sqlite.ts';
import { ada, append, create, datas, receiptOf } from '@holdfast/testing/acts';
import { temporaryFile, temporaryFolder } from './temporary.ts';

const NOON = 1_800_000_000_000;
const DAY = 86_400_000;

async function headOf(engine: Engine): Promise<{ readonly epoch: string; readonly tick: number }> {
  const { head } = await engine.tail('c', () => {});
  const decoded = decodePosition(head);
  if (decoded === undefined) throw new Error(`${head} is no position.`);
  return decoded;
}

it('P28 no serial and no version is issued again after the clock went back, even across a reopening', async () => {
  const path = temporaryFile();
  let time = NOON;
  const now = (): number => time;
  const issued: string[] = [];
  for (const step of [0, -DAY, -DAY, 1, -5 * DAY, 0]) {
    time += step;
    const engine = openSqliteEngine({ path, now });
    for (const id of ['a', 'b']) {
      const { serial } = await create(engine, 'c', `${id} ${issued.length}`);
      const { version } = receiptOf(await engine.commit('c', ada, [append(serial, 0, 'x')]));
      issued.push(serial, version);
    }
    await engine.close();
  }
  expect(issued).toEqual(issued.toSorted());
  expect(new Set(issued).size).toBe(issued.length);
});

it('I4 positions hold across a reopening, and those ahead of the head or of another file get a gap', async () => {
  const path = temporaryFile();
  const before = openSqliteEngine({ path, now: () => NOON });
  const { head } = await before.tail('c', () => {});
  await create(before, 'c', 'one', 'hello');
  const { head: after } = await before.tail('c', () => {});
  await before.close();
  const again = openSqliteEngine({ path, now: () => NOON - DAY });
  expect(await again.changesSince('c', head)).toMatchObject({
    changed: [{ message: { data: 'hello' } }],
    head: after,
  });
  expect(await again.changesSince('c', after)).toEqual({ changed: [], head: after });
  const { epoch, tick } = await headOf(again);
  expect(await again.changesSince('c', encodePosition(epoch, tick + 1))).toBeUndefined();
  expect(await again.changesSince('c', 'nonsense' as never)).toBeUndefined();
  await again.close();
  const other = openSqliteEngine({ path: temporaryFile(), now: () => NOON });
  await create(other, 'c', 'one', 'hello');
  expect(await other.changesSince('c', head)).toBeUndefined();
  await other.close();
});

it('I4 what a refused commit would have issued is no position', async () => {
  const path = temporaryFile();
  const engine = openSqliteEngine({ path, maxMessageBytes: 100 });
  await create(engine, 'c', 'one');
  const before = await headOf(engine);
  const draft = { name: 'test', data: '' };
  await engine.commit('c', ada, [
    { action: 'create', draft: { ...draft, id: 'two' } },
    { action: 'create', draft: { ...draft, id: 'three', data: 'x'.repeat(200) } },
  ]);
  expect(await headOf(engine)).toEqual(before);
  await engine.close();
});

it('a copy without its row in `file` is of another epoch and goes on above what it holds', async () => {
  const path = temporaryFile();
  const original = openSqliteEngine({ path, now: () => NOON });
  const { serial } = await create(original, 'c', 'one', 'hello');
  const before = await headOf(original);
  await original.close();
  const driver = new Libsql(path);
  driver.exec('DELETE FROM file');
  driver.close();
  const copy = openSqliteEngine({ path, now: () => NOON - DAY });
  expect((await headOf(copy)).epoch).not.toBe(before.epoch);
  expect((await create(copy, 'c', 'two')).serial > serial).toBe(true);
  await copy.close();
});

/** An engine that did not sync its last commits, and the file as a loss of power leaves it: the log ends earlier. */
async function losePower(path: string): Promise<{ readonly lost: string; readonly epoch: string }> {
  const engine = openSqliteEngine({ path, now: () => NOON, synchronous: 'normal' });
  await create(engine, 'c', 'kept', 'kept');
  const { length } = readFileSync(`${path}-wal`);
  let lost = '';
  for (let index = 0; index < 20; index += 1)
    lost = (await create(engine, 'c', `lost ${index}`, 'lost')).serial;
  const { epoch } = await headOf(engine);
  const left = join(temporaryFolder(), 'left.db');
  copyFileSync(path, left);
  copyFileSync(`${path}-wal`, `${left}-wal`);
  truncateSync(`${left}-wal`, length);
  await engine.close();
  copyFileSync(left, path);
  copyFileSync(`${left}-wal`, `${path}-wal`);
  return { lost, epoch };
}

for (const synchronous of ['full', 'normal'] as const)
  it(`P28 what a loss of power took from \`normal\` is not issued again, and starts an epoch (reopened: ${synchronous})`, async () => {
    const path = temporaryFile();
    const { lost, epoch } = await losePower(path);
    const engine = openSqliteEngine({ path, now: () => NOON - DAY, synchronous });
    expect(await datas(engine, 'c')).toEqual(['kept']);
    expect((await headOf(engine)).epoch).not.toBe(epoch);
    expect((await create(engine, 'c', 'new')).serial > lost).toBe(true);
    await engine.close();
  });

it('`normal` that was closed keeps its epoch, and reserves ticks once a minute, not once a commit', async () => {
  const path = temporaryFile();
  let time = NOON;
  const options = { path, now: () => time, synchronous: 'normal' } as const;
  const engine = openSqliteEngine(options);
  const { epoch } = await headOf(engine);
  const peek = (): number | undefined => {
    const copy = join(temporaryFolder(), 'copy.db');
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    const driver = new Libsql(copy);
    const { reserved } = driver.prepare('SELECT reserved FROM file').get([]) as { reserved: number };
    driver.close();
    return reserved;
  };
  await create(engine, 'c', 'one');
  const first = peek();
  time += 1000;
  const { serial } = await create(engine, 'c', 'two');
  expect(peek()).toBe(first);
  expect(first).toBeGreaterThan(decodeVersion(serial) ?? Infinity);
  time += DAY;
  const late = await create(engine, 'c', 'three');
  expect(peek()).toBeGreaterThan(decodeVersion(late.serial) ?? Infinity);
  await engine.close();
  const again = openSqliteEngine(options);
  expect((await headOf(again)).epoch).toBe(epoch);
  await again.close();
});
