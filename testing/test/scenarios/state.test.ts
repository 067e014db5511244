import type { JsonValue } from '@holdfast/channel';
import type { Session } from '@holdfast/core';
import { expect } from 'vitest';
import { ask, say, soon } from './conversation.ts';
import { scenario } from './scenario.ts';

const shows = (session: Session, state: Readonly<Record<string, JsonValue>>): Promise<void> =>
  soon(() => expect(session.snapshot.state).toEqual(state));

scenario(
  'two people write one state: shown at once, one order for all, and for who joins later',
  async (stage) => {
    const channels = await stage.connect('ada');
    const ada = await stage.session('ada', { channels });
    const ben = await stage.session('ben');
    const stored = ada.setState('city', 'Oslo');
    expect(ada.snapshot.state).toEqual({ city: 'Oslo' });
    await stored;
    await shows(ben, { city: 'Oslo' });
    await ben.setState('nights', 3);
    await ben.setState('__proto__', { guests: ['ada', 'ben'] });
    await ada.setState('city', undefined);
    const both = { nights: 3, ['__proto__']: { guests: ['ada', 'ben'] } };
    for (const session of [ada, ben, await stage.session('eve')]) await shows(session, both);

    // Both write the same key, one of them without a connection: the channel's order decides.
    const restore = stage.backend.cut(channels);
    const offline = ada.setState('nights', 4);
    expect(ada.snapshot.state['nights']).toBe(4);
    await ben.setState('nights', 5);
    restore();
    await offline;
    for (const session of [ada, ben, await stage.session('joe')])
      await soon(() => expect(session.snapshot.state['nights']).toBe(4));
  },
);

scenario('many writes of two people at once end the same for everyone', async (stage) => {
  const people = [await stage.session('ada'), await stage.session('ben')];
  await Promise.all(
    people.flatMap((session, who) =>
      Array.from({ length: 40 }, (_, n) =>
        session.setState(`key ${n % 5}`, n % 7 === 0 ? undefined : `${who}-${n}`),
      ),
    ),
  );
  const late = await stage.session('eve');
  const [ada] = people;
  const end = late.snapshot.state;
  expect(Object.keys(end).length).toBeGreaterThan(0);
  for (const session of people) await shows(session, end);
  expect(ada?.snapshot.refusals).toEqual([]);
});

scenario(
  'a value that is too large is refused: taken back, said so, and nothing else is lost',
  async (stage) => {
    const [ada, ben] = [await stage.session('ada'), await stage.session('ben')];
    await ada.setState('notes', 'short');
    const refused = ada.setState('notes', 'x'.repeat(80 << 10));
    await expect(refused).rejects.toMatchObject({
      name: 'SessionError',
      code: 'too_large',
    });
    expect(ada.snapshot.refusals).toMatchObject([{ kind: 'state', code: 'too_large' }]);
    await ada.setState('after', 1);
    for (const session of [ada, ben]) await shows(session, { notes: 'short', after: 1 });
  },
);

scenario('who joins late reads two pages for the state, not the whole log', async (stage) => {
  await stage.agent((run) => run.pipe(say('Yes.')));
  const [ada, ben] = [await stage.session('ada'), await stage.session('ben')];
  await ada.setState('city', 'Oslo');
  const first = await ask(ada, 'the first question');
  await Promise.all(Array.from({ length: 110 }, (_, n) => ben.setState(`note ${n % 3}`, n)));
  // Its agent finds the state far back, and says it anew; the next claim tells that it did.
  await ask(ada, 'the second question');
  await soon(async () => {
    await ask(ada, 'another question');
    const late = await stage.session('eve', { pageSize: 5 });
    try {
      expect(late.run(first.run)).toBeUndefined();
      expect(late.snapshot.state).toEqual(ada.snapshot.state);
    } finally {
      await late.close();
    }
  });
  expect(ada.snapshot.state['city']).toBe('Oslo');
  const late = await stage.session('joe', { pageSize: 5 });
  await ada.setState('city', undefined);
  await soon(() => expect(late.snapshot.state).toEqual(ada.snapshot.state));
  expect(Object.keys(late.snapshot.state)).toEqual(['note 0', 'note 1', 'note 2']);
});
