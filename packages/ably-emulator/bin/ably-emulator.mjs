#!/usr/bin/env node
import { existsSync } from 'node:fs';

// In the repository the source (run node with `--import tsx`), in a published package what was built from it.
const source = new URL('../src/cli.ts', import.meta.url);
const { main } = await import(existsSync(source) ? source.href : '../dist/cli.js');
await main(process.argv.slice(2));
