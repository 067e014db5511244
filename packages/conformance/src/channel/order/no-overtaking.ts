import type { Position } from '@holdfast/channel';
import { holds } from '../../law/violation.ts';
import { append, create, draft } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { textOf } from '../text.ts';

/**
 * A position says that nothing up to there is missing; without that, a reader could see a run's end before its text. Amid
 * a catch-up messages come as they stand now, each ahead of others, and bear the old position until all are told.
 */
export const noOvertaking = defineLaw({
  id: 'I1.no-overtaking',
  title: 'a delivery at a new position comes after everything that was published before it',
  check: async ({ connect, read, scaled }) => {
    const channel = await connect('ada');
    const { serial } = await create(channel, draft('growing'));
    const positions = new Set<Position>();
    let newest = 0;
    let gap = false;
    const reader = await read(await connect('bob'), {
      watch: (delivery, view) => {
        if (delivery.kind === 'signal') return;
        gap ||= delivery.kind === 'gap';
        // Across a gap the text comes from history.
        if (gap) return;
        if (delivery.kind === 'message' && delivery.message.name === 'mark')
          newest = Math.max(newest, Number(delivery.message.data));
        if (positions.has(delivery.position)) return;
        positions.add(delivery.position);
        const length = textOf(view.messages.get(serial)).length;
        holds(
          length >= newest,
          `mark ${newest} was delivered when ${length} was all of the ${newest} characters published before it`,
        );
      },
    });
    positions.add(reader.subscription.start);

    const count = scaled(20);
    const calls: Promise<unknown>[] = [];
    for (let index = 0; index < count; index += 1) {
      calls.push(
        append(channel, serial, 'x', index),
        create(channel, draft(`mark-${index + 1}`, index + 1, { name: 'mark' })),
      );
    }
    await Promise.all(calls);
    const end = await create(channel, draft('end'));
    await reader.sees(end.serial);
  },
});
