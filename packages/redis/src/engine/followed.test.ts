import type { TailEvent } from '@holdfast/channel/engine';
import { expect, it } from 'vitest';
import { createFollowed, type Followed } from './followed.ts';
import type { LiveItem } from './live-item.ts';

const STAND = { e: 'e1', t: 10, v: 5, x: -1 };

/** Changes up to `t` after `p`: one append for each tick. */
function changes(p: number, t: number, e = 'e1'): LiveItem {
  return { e, p, t, c: [['a', 1, t, 0, 'x']] };
}

function follow(): { followed: Followed; heard: string[]; begin: () => void } {
  const followed = createFollowed();
  const heard: string[] = [];
  const entry = followed.add((event: TailEvent) =>
    heard.push('position' in event ? event.position.slice(-2) : event.kind),
  );
  return { followed, heard, begin: () => void entry.begin(STAND) };
}

it('what was heard before the stand was read is told after it, without what the stand contains', () => {
  const { followed, heard, begin } = follow();
  followed.hear(changes(8, 9));
  followed.hear(changes(9, 10));
  followed.hear(changes(10, 11));
  expect(heard).toEqual([]);
  begin();
  expect(heard).toEqual(['0b']);
});

it('an item that does not follow the one before is a loss, told once, and the next goes on', () => {
  const { followed, heard, begin } = follow();
  begin();
  followed.hear(changes(10, 11));
  followed.hear(changes(12, 13));
  followed.hear(changes(13, 14));
  expect(heard).toEqual(['0b', 'lost', '0e']);
});

it('an item that was heard already changes nothing', () => {
  const { followed, heard, begin } = follow();
  begin();
  for (const item of [changes(10, 11), changes(10, 11), changes(9, 10)]) followed.hear(item);
  expect(heard).toEqual(['0b']);
});

it('another epoch is a loss, whatever its ticks', () => {
  for (const t of [5, 10, 11]) {
    const { followed, heard, begin } = follow();
    begin();
    followed.hear(changes(10, t, 'e2'));
    expect(heard).toEqual(['lost']);
  }
});

it('changes without their content are a loss', () => {
  const { followed, heard, begin } = follow();
  begin();
  followed.hear({ e: 'e1', p: 10, t: 12 });
  followed.hear(changes(12, 13));
  expect(heard).toEqual(['lost', '0d']);
});

it('a stand that is not where the chain stands is a loss, of changes or of presence', () => {
  const { followed, heard, begin } = follow();
  begin();
  followed.hear({ ...STAND, p: 10 });
  expect(heard).toEqual([]);
  followed.hear({ ...STAND, p: 11, t: 11 });
  followed.hear({ ...STAND, p: 11, t: 11, v: 6 });
  expect(heard).toEqual(['lost', 'lost']);
});

it('a presence event that does not follow the one before is a loss', () => {
  const member = { memberId: 'm', data: null };
  const { followed, heard, begin } = follow();
  begin();
  followed.hear({ w: 5, v: 6, k: 'enter', m: member });
  followed.hear({ w: 7, v: 8, k: 'update', m: member });
  followed.hear({ w: 8, v: 9, k: 'left', m: member });
  expect(heard).toEqual(['presence', 'lost', 'presence']);
});
