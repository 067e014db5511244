// `npm run demo` starts the chat example, `npm run demo -- cluster` another; `--check [scenario]` puts it under fire without a
// browser. With `--channels ably` the chat's sessions are on the Ably emulator, or on Ably where `ABLY_API_KEY` is set.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const EXAMPLES = ['chat', 'cluster', 'research', 'support', 'tanstack', 'two-frameworks'];

const [first, ...others] = process.argv.slice(2);
const isNamed = first !== undefined && !first.startsWith('-');
const example = isNamed ? first : 'chat';
const values = isNamed ? others : process.argv.slice(2);
if (!EXAMPLES.includes(example)) {
  console.error(`There is no example ${JSON.stringify(example)}: ${EXAMPLES.join(', ')}`);
  process.exit(1);
}
const program = values.includes('--check') ? 'check/main.ts' : 'src/demo.ts';
const options = values.filter((value) => value !== '--check');
const child = spawn(process.execPath, ['--import', 'tsx', program, ...options], {
  cwd: fileURLToPath(new URL(`../examples/${example}/`, import.meta.url)),
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
