import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createContentFold, FRAME_LOG_FORMAT, type Content } from '../src/index.ts';

interface VectorFile {
  readonly format: string;
  readonly vectors: readonly { readonly title: string; readonly log: string; readonly content: Content }[];
}

const FOLDER = new URL('../vectors/', import.meta.url);
const FILES = readdirSync(FOLDER).map((name) => ({
  name,
  file: JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as VectorFile,
}));

test('there are vectors, of this format or an earlier one', () => {
  expect(FILES.length).toBeGreaterThan(3);
  for (const { file } of FILES) expect(Number(file.format)).toBeLessThanOrEqual(Number(FRAME_LOG_FORMAT));
});

describe.each(FILES)('I13 vectors/$name', ({ file }) => {
  test.each(file.vectors)('$title', ({ log, content }) => {
    const whole = createContentFold();
    whole.push(log);
    expect(whole.content).toEqual(content);
    const cut = createContentFold();
    for (const unit of log.split('')) cut.push(unit);
    expect(cut.content).toEqual(content);
  });
});
