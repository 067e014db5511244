import type { AnnotationDraft, JsonValue } from '@holdfast/channel';
import type { MessageId } from '@holdfast/core';
import { feedbackOf, rate } from '@holdfast/core/annotations';
import { expect } from 'vitest';
import { ask, lines, repeatPrompt, said, soon } from './conversation.ts';
import { scenario } from './scenario.ts';

scenario('bad annotations are refused with a typed error, and the session works on', async (stage) => {
  await stage.agent(repeatPrompt);
  const channels = await stage.connect('ada');
  const ada = await stage.session('ada', { channels });
  const ben = await stage.session('ben');
  const { answer, question } = await ask(ada, 'one');
  const refused = (message: MessageId, draft: unknown, error: object): Promise<void> =>
    expect(ada.annotate(message, draft as AnnotationDraft)).rejects.toMatchObject(error);
  const notFound = { name: 'SessionError', code: 'not_found' };
  await refused('nowhere' as MessageId, rate('up'), notFound);
  await expect(ada.annotations('nowhere' as MessageId)).rejects.toMatchObject(notFound);
  const invalid = (path: string) => ({ name: 'ChannelError', code: 'invalid', path });
  const add = { action: 'add', id: 'a' };
  await refused(answer, { ...add, type: 'likes:most.v1' }, invalid('operations[0].annotation.type'));
  await refused(answer, { ...add, type: 'likes' }, invalid('operations[0].annotation.type'));
  await refused(answer, { ...add, type: 'likes:distinct.v1' }, invalid('operations[0].annotation.name'));
  await refused(
    answer,
    { ...add, type: 'likes:multiple.v1', name: 'x', count: -1 },
    invalid('operations[0].annotation.count'),
  );
  await refused(
    answer,
    { ...add, type: 'likes:flag.v1', action: 'erase' },
    invalid('operations[0].annotation.action'),
  );
  await refused(answer, rate('down', 'x'.repeat(80 << 10)), { name: 'ChannelError', code: 'too_large' });
  // A message that there is, on another channel.
  const other = await stage.session('ada', { channels, name: `${stage.name}-other` });
  const { serial } = await other.send({ parts: said('elsewhere') }).stored;
  const astray = channels.channel(stage.name);
  await expect(astray.publish({ action: 'annotate', serial, annotation: rate('up') })).rejects.toMatchObject({
    name: 'ChannelError',
    code: 'not_found',
  });
  await expect(astray.annotations(serial)).rejects.toMatchObject({ code: 'not_found' });

  await ada.annotate(question, rate('up'));
  for (const session of [ada, ben])
    await soon(() => expect(feedbackOf(session.message(question) ?? {}).up).toBe(1));
  expect(ben.message(answer)?.annotations?.types ?? {}).toEqual({});
  await ask(ben, 'two');
  await soon(() => expect(lines(ada)).toHaveLength(4));

  // What the channel has forgotten can't be annotated any more, and says so.
  await stage.backend.expire(stage.name, 0);
  await refused(question, rate('down'), { name: 'ChannelError', code: 'not_found' });
});

scenario('a value of the state that can not be is refused before anybody sees it', async (stage) => {
  const [ada, ben] = [await stage.session('ada'), await stage.session('ben')];
  await ada.setState('good', 1);
  const endless: { self?: unknown } = {};
  endless.self = endless;
  for (const bad of [() => 1, 10n, Number.NaN, new Map([['a', 1]]), endless])
    await expect((async () => ada.setState('bad', bad as JsonValue))()).rejects.toThrow(
      expect.objectContaining({ name: expect.stringMatching(/^(TypeError|SessionError)$/) }),
    );
  await ada.setState('better', { deep: [null, true, 'x'] });
  for (const session of [ada, ben])
    await soon(() =>
      expect(session.snapshot.state).toEqual({ good: 1, better: { deep: [null, true, 'x'] } }),
    );
});
