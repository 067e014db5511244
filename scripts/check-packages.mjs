// Builds every package and checks what would be published: entries, types, file list.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { packageManager } = JSON.parse(readFileSync('package.json', 'utf8'));
const pnpm = ['npx', '--yes', packageManager];
const bin = (name) => join('node_modules', '.bin', name);

/** Runs a command and shows its output only where it fails. */
function run([command, ...args], options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status === 0) return true;
  console.error(`$ ${[command, ...args].join(' ')}\n${stdout}${stderr}`);
  return false;
}

const folders = readdirSync('packages').map((name) => join('packages', name));
const packed = mkdtempSync(join(tmpdir(), 'holdfast-pack-'));
let ok = run([...pnpm, '-r', '--filter', './packages/*', 'run', 'build']);

for (const folder of ok ? folders : []) {
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const archive = join(packed, `${name.replace('@', '').replace('/', '-')}.tgz`);
  const good =
    run([...pnpm, '--dir', folder, 'pack', '--out', archive]) &&
    run([bin('publint'), archive, '--strict']) &&
    run([bin('attw'), archive, '--profile', 'esm-only']);
  console.log(`${good ? '✓' : '✗'} ${name}`);
  ok &&= good;
}

rmSync(packed, { recursive: true, force: true });
process.exit(ok ? 0 : 1);
