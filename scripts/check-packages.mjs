// Builds every package and checks what would be published: entries, types, file list.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const { packageManager } = JSON.parse(readFileSync('package.json', 'utf8'));
const pnpm = ['npx', '--yes', packageManager];
const bin = (name) => join('node_modules', '.bin', name);

/** Runs a command and shows its output only where it fails. */
function run([command, ...args]) {
  return new Promise((resolve) => {
    const said = [];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
    const end = (ok) => {
      if (!ok) console.error(`$ ${[command, ...args].join(' ')}\n${Buffer.concat(said).toString()}`);
      resolve(ok);
    };
    child.once('error', (error) => {
      said.push(Buffer.from(error.message));
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });
}

async function check(folder) {
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const archive = join(packed, `${name.replace('@', '').replace('/', '-')}.tgz`);
  const good =
    (await run([...pnpm, '--dir', folder, 'pack', '--out', archive])) &&
    (await run([bin('publint'), archive, '--strict'])) &&
    (await run([bin('attw'), archive, '--profile', 'esm-only']));
  console.log(`${good ? '✓' : '✗'} ${name}`);
  return good;
}

const packed = mkdtempSync(join(tmpdir(), 'holdfast-pack-'));
const isBuilt = await run([...pnpm, '-r', '--filter', './packages/*', 'run', 'build']);
const folders = isBuilt ? readdirSync('packages').map((name) => join('packages', name)) : [];
const failed = [];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let folder = folders.shift(); folder !== undefined; folder = folders.shift())
      if (!(await check(folder))) failed.push(folder);
  }),
);

rmSync(packed, { recursive: true, force: true });
process.exit(isBuilt && failed.length === 0 ? 0 : 1);
