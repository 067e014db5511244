import { fileURLToPath } from 'node:url';
import { serveDemo } from './serve-demo.ts';

await serveDemo({
  root: fileURLToPath(new URL('..', import.meta.url)),
  agent: fileURLToPath(new URL('agent/main.ts', import.meta.url)),
  port: 4420,
});
