import type { Channel } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { create, draft, refused } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';
import { within } from '../waiting.ts';

export const closed = defineLaw({
  id: 'I9.closed',
  title: 'closing ends what was opened, and what is asked afterwards is refused as closed',
  check: async ({ connect, name, open, patience, read }) => {
    const channels = await open('ada');
    const ada = channels.channel(name);
    const bob = await connect('bob');
    const heard: string[] = [];
    const subscription = await ada.subscribe(({ kind }) => void heard.push(kind));
    const presence = await ada.presence.subscribe(() => {});
    const reader = await read(bob);
    const { serial } = await create(ada, draft('before'));
    await reader.sees(serial);

    await channels.close();
    same(
      await within(subscription.closed, patience, 'a subscription to end'),
      undefined,
      'the error with which the subscription ended',
    );
    same(
      await within(presence.closed, patience, 'a presence subscription to end'),
      undefined,
      'the error with which the presence subscription ended',
    );
    const before = heard.length;
    for (const [what, ask] of questions(ada)) await refused(ask(), `${what} after close`, 'closed');
    await channels.close();

    const after = await create(bob, draft('after'));
    await reader.sees(after.serial);
    same(heard.length, before, 'the number of deliveries after close');
    same(
      (await listAll(bob)).map(({ id }) => id),
      ['before', 'after'],
      'the messages after close',
    );
    holds(
      channels.connection.state.status === 'closed',
      `closed channels are ${channels.connection.state.status}`,
    );
  },
});

function questions(channel: Channel): readonly (readonly [string, () => Promise<unknown>])[] {
  return [
    ['a create', () => channel.publish({ action: 'create', draft: draft('too-late') })],
    ['a signal', () => channel.signal(draft('too-late'))],
    ['a subscription', () => channel.subscribe(() => {})],
    ['history', () => channel.history()],
    ['presence', () => channel.presence.enter()],
    ['members', () => channel.presence.members()],
    ['a presence subscription', () => channel.presence.subscribe(() => {})],
  ];
}

export const aborted = defineLaw({
  id: 'I9.aborted',
  title: "an aborted publish rejects with the signal's reason, and trying again stores it once",
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const reason = { why: 'enough' };
    const early = { action: 'create', draft: draft('early') } as const;
    const refusal = await ada.publish(early, { signal: AbortSignal.abort(reason) }).then(
      () => undefined,
      (error: unknown) => error,
    );
    holds(refusal === reason, `a publish that was aborted before it began ended in ${String(refusal)}`);
    same(await listAll(ada), [], 'the messages after a publish that was aborted before it began');

    const controller = new AbortController();
    const late = { action: 'create', draft: draft('late') } as const;
    const outcome = ada.publish(late, { signal: controller.signal }).then(
      () => undefined,
      (error: unknown) => error,
    );
    controller.abort(reason);
    const error = await outcome;
    holds(error === undefined || error === reason, `an aborted publish rejected with ${String(error)}`);
    await create(ada, late.draft);
    const log = await listAll(ada);
    same(
      log.map(({ id }) => id),
      ['late'],
      'the messages after the publish was tried again',
    );
    await reader.knows(log);
  },
});
