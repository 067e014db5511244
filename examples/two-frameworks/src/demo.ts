import { serveDemo } from '@holdfast/example-tanstack/serve-demo';
import { fileURLToPath } from 'node:url';

/** Either framework's agent does: `AGENT=tanstack` takes that of TanStack AI. */
const name = process.env['AGENT'] === 'tanstack' ? 'tanstack' : 'chat';

await serveDemo({
  root: fileURLToPath(new URL('..', import.meta.url)),
  agent: fileURLToPath(import.meta.resolve(`@holdfast/example-${name}/agent`)),
  port: 4430,
});
