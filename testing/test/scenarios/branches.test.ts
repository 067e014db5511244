import { shareSelection, type MessageId, type Session } from '@holdfast/core';
import { expect } from 'vitest';
import { answered, ask, lines, repeatPrompt, said, soon, textOf, type Turn, until } from './conversation.ts';
import { scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** Five turns, whose answers say what the model was given. */
async function talk(stage: Stage): Promise<{ readonly ada: Session; readonly turns: readonly Turn[] }> {
  await stage.agent(repeatPrompt);
  const ada = await stage.session('ada');
  const turns: Turn[] = [];
  for (const text of ['one', 'two', 'three', 'four', 'five']) turns.push(await ask(ada, text));
  return { ada, turns };
}

/** What people said on the branch that is shown. */
function asked(session: Session): readonly string[] {
  return lines(session).flatMap((line) => (line.startsWith('user: ') ? [line.slice(6)] : []));
}

/** What people had said, as the model was given it for an answer. */
function given(session: Session, answer: MessageId): readonly string[] {
  const lines = textOf(session.message(answer)?.parts ?? []).split(' | ');
  return lines.filter((line) => line !== 'answer').map((line) => line.replace('user: ', ''));
}

scenario('an edit deep in history begins a branch, and prompts follow it', async (stage) => {
  const { ada, turns } = await talk(stage);
  const [, second, third] = turns;
  if (second === undefined || third === undefined) throw new Error('five turns');
  const edit = ada.send({ id: second.question, parts: said('two, better') });
  expect(asked(ada)).toEqual(['one', 'two, better']);
  const edited = await answered(ada, edit.run);
  expect(given(ada, edited)).toEqual(['one', 'two, better']);
  const next = await ask(ada, 'and then');
  expect(given(ada, next.answer)).toEqual(['one', 'two, better', 'and then']);

  // The other branch is all there, and goes on where it was.
  expect(ada.message(edit.message)?.siblings).toEqual([second.question, edit.message]);
  ada.select(second.question);
  expect(asked(ada)).toEqual(['one', 'two', 'three', 'four', 'five']);
  const six = await ask(ada, 'six');
  expect(given(ada, six.answer)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);

  // An edit of an edit, and one below the first branch: every sibling stays.
  const again = ada.send({ id: edit.message, parts: said('two, best') });
  await answered(ada, again.run);
  expect(ada.message(second.question)?.siblings).toEqual([second.question, edit.message, again.message]);
  ada.select(second.question);
  const deeper = ada.send({ id: third.question, parts: said('three, better') });
  expect(given(ada, await answered(ada, deeper.run))).toEqual(['one', 'two', 'three, better']);
  const late = await stage.session('ben', { pageSize: 4 });
  while (await late.loadOlder());
  expect(late.message(second.question)?.siblings).toEqual([second.question, edit.message, again.message]);
  // Who joins sees the newest of everything.
  expect(asked(late)).toEqual(['one', 'two, best']);
});

scenario('an answer deep in history is given again, and what followed the first one stays', async (stage) => {
  const { ada, turns } = await talk(stage);
  const [, second] = turns;
  if (second === undefined) throw new Error('five turns');
  const again = ada.regenerate({ output: second.answer });
  const other = await answered(ada, again.run);
  expect(given(ada, other)).toEqual(['one', 'two']);
  expect(asked(ada)).toEqual(['one', 'two']);
  expect(ada.message(other)?.siblings).toEqual([second.answer, other]);
  const third = await ask(ada, 'three, after the second answer');
  expect(ada.message(third.question)?.parent).toBe(other);
  const { siblings } = ada.message(second.answer) ?? { siblings: [] };
  ada.select(siblings[0] ?? second.answer);
  expect(asked(ada)).toEqual(['one', 'two', 'three', 'four', 'five']);
  ada.select(siblings[1] ?? second.answer);
  expect(asked(ada)).toEqual(['one', 'two', 'three, after the second answer']);
});

scenario('a branch is chosen for oneself, or for everybody who shares the choice', async (stage) => {
  const { ada, turns } = await talk(stage);
  const [first] = turns;
  if (first === undefined) throw new Error('five turns');
  const [ben, eve] = [await stage.session('ben'), await stage.session('eve')];
  const edit = ada.send({ id: first.question, parts: said('one, better') });
  await answered(ada, edit.run);
  for (const session of [ben, eve]) await soon(() => expect(asked(session)).toEqual(['one, better']));

  ben.select(first.question);
  expect(asked(ben)).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect([asked(ada), asked(eve)]).toEqual([['one, better'], ['one, better']]);

  const shared = shareSelection(ada);
  shareSelection(eve);
  await shared.select(first.question);
  const late = await stage.session('joe');
  shareSelection(late);
  for (const session of [ada, eve, late])
    await soon(() => expect(asked(session)).toEqual(['one', 'two', 'three', 'four', 'five']));
  // Whoever goes on goes on below what is shown.
  const { run, answer } = await ask(late, 'six');
  expect(given(late, answer)).toHaveLength(6);
  await until(ada, () => ada.run(run)?.status === 'complete');
  await soon(() => expect(asked(ada)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']));
});

scenario(
  'two people edit one question at once, and both edits stand, in one order for all',
  async (stage) => {
    const { ada, turns } = await talk(stage);
    const [, second] = turns;
    if (second === undefined) throw new Error('five turns');
    const ben = await stage.session('ben');
    const edits = [ada, ben].map((session, n) =>
      session.send({ id: second.question, parts: said(`edit ${n}`) }),
    );
    for (const { run } of edits) await Promise.all([answered(ada, run), answered(ben, run)]);
    const late = await stage.session('eve');
    const { siblings } = late.message(second.question) ?? { siblings: [] };
    expect(new Set(siblings)).toEqual(new Set([second.question, ...edits.map(({ message }) => message)]));
    expect(siblings[0]).toBe(second.question);
    for (const session of [ada, ben]) expect(session.message(second.question)?.siblings).toEqual(siblings);
  },
);
