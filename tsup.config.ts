import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** Builds the package in the current folder: one bundle for each of its public entries. */
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, string> };

export default defineConfig({
  entry: Object.values(manifest.exports),
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  sourcemap: true,
  clean: true,
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  external: [/^node:/],
});
