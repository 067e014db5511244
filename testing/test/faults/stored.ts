import type { Message, Receipt } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import { expect } from 'vitest';
import { notesOn } from './author.ts';
import { outcomeOf, type Script } from './script.ts';

/** Every message of a session, oldest first. */
export async function readAll(engine: Engine, channel: string): Promise<readonly Message[]> {
  const messages: Message[] = [];
  let page = await engine.page(channel, { limit: 500 });
  messages.push(...page.messages);
  while (page.next !== undefined) {
    page = await engine.page(channel, { limit: 500, cursor: page.next });
    messages.push(...page.messages);
  }
  return messages.toReversed();
}

/** Whether what is stored is what was acknowledged, each operation once, and nothing else. */
export function checkStored(
  stored: readonly Message[],
  scripts: readonly Script[],
  receipts: readonly Receipt[],
): void {
  const byId = <T extends { readonly id: string }>(a: T, b: T): number => (a.id < b.id ? -1 : 1);
  expect(
    stored
      .map(({ id, data, deleted = false, annotations }) => ({
        id,
        data,
        deleted,
        notes: notesOn(annotations),
      }))
      .toSorted(byId),
  ).toEqual(
    scripts
      .map((script) => {
        const { notes, ...outcome } = outcomeOf(script);
        return { id: script.id, ...outcome, notes: { total: notes } };
      })
      .toSorted(byId),
  );
  const serials = stored.map(({ serial }) => serial);
  expect(serials).toEqual([...new Set(serials)].toSorted());
  // A receipt names a message that is there, and a change that it has seen.
  const latest = new Map(
    stored.map(({ serial, version, annotations }) => [
      serial,
      [version, annotations?.version ?? ''].toSorted().at(-1) ?? '',
    ]),
  );
  for (const { serial, version } of receipts)
    expect((latest.get(serial) ?? '') >= version, `${version} is acknowledged and not stored`).toBe(true);
}
