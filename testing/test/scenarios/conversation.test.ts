import { expect } from 'vitest';
import { ask, ended, lines, repeatPrompt, until } from './conversation.ts';
import { scenario } from './scenario.ts';

scenario('a question is answered, whatever breaks', async (stage) => {
  await stage.agent(repeatPrompt);
  const channels = await stage.connect('ada');
  const ada = await stage.session('ada', { channels });
  const ben = await stage.session('ben');
  await ask(ada, 'one');
  const restore = stage.backend.cut(channels);
  await until(ada, () => ada.snapshot.status === 'offline');
  const { run } = ada.send({ parts: [{ type: 'text', text: 'two' }] });
  restore();
  await Promise.all([ended(ada, run), ended(ben, run)]);
  expect(lines(ada)).toEqual(lines(ben));
  expect(lines(ben)).toHaveLength(4);
  await stage.backend.expire(stage.name, 1);
  const late = await stage.session('eve');
  expect(late.snapshot.runs).toHaveLength(0);
});
