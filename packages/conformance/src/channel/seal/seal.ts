import { isChannelError } from '@holdfast/channel';
import type { Serial } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { act, append, create, draft, refused, remove, update } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';
import { textOf } from '../text.ts';

export const sealed = defineLaw({
  id: 'P10.sealed',
  title: 'a create that seals an earlier message makes the channel refuse every later change to it',
  requires: ['seal'],
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    const reader = await read(await connect('cyd'));
    const old = await create(ada, draft('old', 'text'));
    const other = await create(ada, draft('other', 'text'));
    await act(bob, { action: 'create', draft: draft('claim'), seals: old.serial });
    const before = await listAll(ada);
    same(
      before.map(({ id, sealed: is }) => [id, is]),
      [
        ['old', true],
        ['other', undefined],
        ['claim', undefined],
      ],
      'which messages are sealed',
    );

    await refused(append(ada, old.serial, 'x', 4), 'an append to a sealed message', 'sealed');
    await refused(update(ada, old.serial, { data: 'x' }), 'an update of a sealed message', 'sealed');
    await refused(remove(ada, old.serial), 'the deletion of a sealed message', 'sealed');
    same(await listAll(ada), before, 'the messages after the refusals');
    await append(ada, other.serial, '!', 4);
    await reader.knows(await listAll(ada));
  },
});

export const sealRace = defineLaw({
  id: 'P10.race',
  title: 'text with a receipt is below the seal, text without one is not there, however they race',
  requires: ['seal', 'checksOffsets'],
  check: async ({ connect, read, scaled }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    const reader = await read(await connect('cyd'));
    const { serial } = await create(ada, draft('old'));
    const appends = Array.from({ length: scaled(20) }, (_, offset) =>
      ada.publish({ action: 'append', serial, data: 'x', offset }).then(() => 'stored' as const, failure),
    );
    const claim = act(bob, { action: 'create', draft: draft('claim'), seals: serial });
    const outcomes = await Promise.all(appends);
    await claim;
    const stored = outcomes.filter((outcome) => outcome === 'stored').length;
    holds(
      !outcomes.slice(outcomes.indexOf('refused')).includes('stored') || !outcomes.includes('refused'),
      'an append was accepted after one was refused',
    );
    const log = await listAll(ada);
    const length = textOf(log[0]).length;
    const unknown = outcomes.filter((outcome) => outcome === 'unknown').length;
    same([log[0]?.data, log[0]?.sealed], ['x'.repeat(length), true], 'the sealed text');
    holds(
      length >= stored && length <= stored + unknown,
      `the sealed text has ${length} characters, of which ${stored} have receipts and ${unknown} may be there`,
    );
    await refused(append(ada, serial, 'x', length), 'an append to a sealed message', 'sealed');
    await reader.knows(log);
  },
});

/** What follows a refused append is at a wrong offset, where the seal need not be looked at first. */
function failure(error: unknown): 'refused' | 'unknown' {
  if (!isChannelError(error)) throw error;
  if (error.retryable) return 'unknown';
  if (error.code !== 'sealed' && error.code !== 'conflict') throw error;
  return 'refused';
}

export const sealTwice = defineLaw({
  id: 'P10.twice',
  title: 'sealing what is sealed is accepted, and so is repeating a create that seals',
  requires: ['seal'],
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    const reader = await read(await connect('cyd'));
    const { serial } = await create(ada, draft('old', 'text'));
    const claim = { action: 'create', draft: draft('claim'), seals: serial } as const;
    const first = await act(bob, claim);
    const again = await act(bob, claim);
    same(again.serial, first.serial, 'the serial that a repeated claim gets');
    await act(ada, { action: 'create', draft: draft('other claim'), seals: serial });
    const log = await listAll(ada);
    same(
      log.map(({ id }) => id),
      ['old', 'claim', 'other claim'],
      'the messages after three claims, one of them repeated',
    );
    await reader.knows(log);
  },
});

export const sealNothing = defineLaw({
  id: 'P10.unknown',
  title: 'a create that seals what is not there is refused and not stored',
  requires: ['seal'],
  check: async ({ connect }) => {
    const ada = await connect('ada');
    const before = await listAll(ada);
    await refused(
      act(ada, { action: 'create', draft: draft('claim'), seals: 'nothing' as Serial }),
      'a create that seals an unknown message',
      'not_found',
      'invalid',
    );
    same(await listAll(ada), before, 'the messages after the refusal');
  },
});
