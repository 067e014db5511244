import { shareSelection, type MessageId, type Session } from '@holdfast/core';
import { expect, test, vi } from 'vitest';
import { createScene, ended } from '../scene.ts';
import { said, textOf } from '../text-codec.ts';

const lines = ({ snapshot }: Session): readonly string[] =>
  snapshot.messages.map(({ parts }) => textOf(parts));
const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 5 });

/** Two answers to one question, on a scene with an agent that counts. */
async function twice(): Promise<{
  scene: ReturnType<typeof createScene>;
  ada: Session;
  first: MessageId;
  question: MessageId;
}> {
  const scene = createScene();
  let count = 0;
  await scene.agent((run) => run.pipe(one(`answer ${(count += 1)}`)));
  const ada = await scene.device('ada');
  const { run, message } = ada.send({ parts: said('question') });
  await ended(ada, run);
  const first = ada.run(run)?.output ?? ('' as MessageId);
  await ended(ada, ada.regenerate({ input: message }).run);
  await soon(() => expect(lines(ada)).toEqual(['question', 'answer 2']));
  return { scene, ada, first, question: message };
}

test('who selects a sibling selects it for everybody who shares the selection, and for who joins later', async () => {
  const { scene, ada, first, question } = await twice();
  const [ben, alone] = [await scene.device('ben'), await scene.device('eve')];
  const shared = shareSelection(ada);
  shareSelection(ben);
  await shared.select(first);
  await soon(() =>
    expect([lines(ada), lines(ben)]).toEqual([
      ['question', 'answer 1'],
      ['question', 'answer 1'],
    ]),
  );
  expect(lines(alone)).toEqual(['question', 'answer 2']);
  const late = await scene.device('joe');
  shareSelection(late);
  await soon(() => expect(lines(late)).toEqual(['question', 'answer 1']));

  // Whoever asks for another answer is shown it, and so is everybody.
  await ended(ben, ben.regenerate({ input: question }).run);
  for (const session of [ada, ben, late])
    await soon(() => expect(lines(session)).toEqual(['question', 'answer 3']));
});

test('what goes on, goes on below what is shown; who stops sharing keeps a view of its own', async () => {
  const { scene, ada, first } = await twice();
  const ben = await scene.device('ben');
  const shared = shareSelection(ada);
  const other = shareSelection(ben);
  await shared.select(first);
  await soon(() => expect(lines(ben)).toEqual(['question', 'answer 1']));
  await ended(ben, ben.send({ parts: said('and then?') }).run);
  await soon(() => expect(lines(ada)).toEqual(['question', 'answer 1', 'and then?', 'answer 3']));
  other.close();
  const [, second] = ada.message(first)?.siblings ?? [];
  await shared.select(second ?? ('' as MessageId));
  await soon(() => expect(lines(ada)).toEqual(['question', 'answer 2']));
  expect(lines(ben)).toEqual(['question', 'answer 1', 'and then?', 'answer 3']);
});

test('what is not there is refused, and nonsense in the state is passed over', async () => {
  const { ada } = await twice();
  const shared = shareSelection(ada);
  await expect(shared.select('nowhere' as MessageId)).rejects.toMatchObject({ code: 'not_found' });
  for (const value of [7, { message: 'nowhere', of: 1 }, { message: 3 }])
    await ada.setState('selected:', value);
  expect(lines(ada)).toEqual(['question', 'answer 2']);
});

async function* one(text: string): AsyncGenerator<{ readonly type: 'text'; readonly text: string }> {
  yield { type: 'text', text };
}
