import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { withMatrix } from './matrix/render.ts';

const PAGE = fileURLToPath(new URL('../../../docs/frameworks.md', import.meta.url));

test('docs/frameworks.md has the matrix as it is tested; `npx vitest run -u` writes it', async () => {
  await expect(withMatrix(readFileSync(PAGE, 'utf8'))).toMatchFileSnapshot(PAGE);
});
