import { isChannelError } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { create, draft } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const createRace = defineLaw({
  id: 'P4.race',
  title: 'of publishers that use one id at the same time one is stored and the others are refused',
  check: async ({ connect, read }) => {
    const publishers = await Promise.all(['ada', 'bob', 'cyd'].map(connect));
    const reader = await read(await connect('dan'));
    for (const round of ['one', 'two', 'three']) {
      const outcomes = await Promise.all(
        publishers.map((channel, who) =>
          create(channel, draft(round, who)).then(
            ({ serial }) => serial,
            (error: unknown) => {
              if (isChannelError(error) && error.code === 'conflict') return undefined;
              throw error;
            },
          ),
        ),
      );
      const winners = outcomes.filter((serial) => serial !== undefined);
      holds(winners.length === 1, `${winners.length} of three publishers got a receipt for one id`);
      const found = (await listAll(await connect('eve'))).filter(({ id }) => id === round);
      same(
        found.map(({ serial, clientId }) => [serial, clientId]),
        [[winners[0], ['ada', 'bob', 'cyd'][outcomes.indexOf(winners[0])]]],
        'the message that is stored, against the receipt',
      );
    }
    await reader.knows(await listAll(await connect('eve')));
  },
});
