import { CHANNEL_LAWS, runLaw, type ChannelLawId } from '@holdfast/conformance/channel';
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { openAblyBackend } from './ably-backend.ts';
import { ELSEWHERE, SKIP } from './skips.ts';

// docs/ably.md says law by law what holds over Ably. It is held against what the suite leaves out.

let page: string;
let missing: ReadonlySet<ChannelLawId>;

beforeAll(async () => {
  page = await readFile(new URL('../../../docs/ably.md', import.meta.url), 'utf8');
  const left = new Set<ChannelLawId>();
  for (const law of CHANNEL_LAWS) {
    if (law.requires === undefined && SKIP[law.id] === undefined) continue;
    // Only whether it would be checked: the suite itself checks it.
    const check = () => Promise.resolve();
    const { status } = await runLaw({ ...law, check }, { open: () => openAblyBackend(), skip: SKIP });
    if (status === 'skipped' && ELSEWHERE[law.id] === undefined) left.add(law.id);
  }
  missing = left;
});

/** Cells of the table below a heading, without its head. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

it('names every law that does not hold over Ably, in its own words', () => {
  const said = tableBelow('What Ably can').map(([id, title]) => [id?.replaceAll('`', ''), title]);
  const laws = CHANNEL_LAWS.filter(({ id }) => missing.has(id)).map(({ id, title }) => [id, title]);
  expect(said).toEqual(laws);
});

it('says of each group whether it holds', () => {
  const groupOf = (id: string): string => id.slice(0, id.indexOf('.'));
  const groups = [...new Set(CHANNEL_LAWS.map(({ id }) => groupOf(id)))].map((group) => {
    const laws = CHANNEL_LAWS.filter(({ id }) => groupOf(id) === group);
    const held = laws.filter(({ id }) => !missing.has(id)).length;
    return [group, held === laws.length ? 'all' : held === 0 ? 'none' : 'some'];
  });
  const said = tableBelow('Law by law').map(([group, , ably]) => [group, ably]);
  expect(said).toEqual(groups);
});
