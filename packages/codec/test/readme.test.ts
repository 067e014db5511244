import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
// fold
import { createContentFold, createLogWriter } from '@holdfast/codec';

const writer = createLogWriter();
const fold = createContentFold();

const n = writer.open('text');
writer.text(n, 'Lisbon has two airp');
fold.push(writer.take());
writer.text(n, 'orts.');
writer.control(['close', n]);
fold.push(writer.take());

const { parts } = fold.content;
// [{ type: 'text', n: 0, text: 'Lisbon has two airports.', state: 'done' }]
// end

it('the README shows this example, and it does what it says', async () => {
  const source = await readFile(import.meta.filename, 'utf8');
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, fold] = /\/\/ fold\n(.*?)\/\/ end\n/su.exec(source) ?? [];
  expect(readme).toContain(`\`\`\`ts\n${fold}\`\`\`\n`);
  expect(parts).toEqual([{ type: 'text', n: 0, text: 'Lisbon has two airports.', state: 'done' }]);
});
