// `npm run demo` starts the chat example; `npm run demo -- --check` puts it under fire without a browser.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('../examples/chat/', import.meta.url));
const check = process.argv.includes('--check');
const child = spawn(process.execPath, ['--import', 'tsx', check ? 'check/main.ts' : 'src/demo.ts'], {
  cwd,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
