// `npm run demo` starts the chat example; `npm run demo -- --check [scenario]` puts it under fire without a browser.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('../examples/chat/', import.meta.url));
const at = process.argv.indexOf('--check');
const program = at < 0 ? ['src/demo.ts'] : ['check/main.ts', ...process.argv.slice(at + 1)];
const child = spawn(process.execPath, ['--import', 'tsx', ...program], {
  cwd,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
