import { CHANNEL_ERROR_CODES, type Draft } from '@holdfast/channel';
import { afterEach, expect, it } from 'vitest';
import { RANGES, RULES, toChannelError, toPublishError } from '../src/errors.ts';
import { openStage, type Stage } from './open-pair.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

const draft: Draft = { id: 'm', name: 'note', data: 'a' };

it.each([...RULES, ...RANGES.map(([from, , rule]) => [from, rule] as const)])(
  'code %i is mapped, and Ably’s words are kept',
  (code, rule) => {
    const error = Object.assign(new Error('as Ably puts it'), { code, statusCode: 400 });
    const mapped = toChannelError(error);
    expect(mapped).toMatchObject({ code: rule.code, cause: error });
    expect(mapped.message).toContain('as Ably puts it');
    expect(mapped.message).toContain(rule.advice ?? '');
    expect(CHANNEL_ERROR_CODES).toContain(mapped.code);
  },
);

it('maps what it doesn’t know by its status, and anything else as internal', () => {
  expect(toChannelError({ code: 49999, statusCode: 403, message: 'no' }).code).toBe('forbidden');
  expect(toChannelError({ code: 1, statusCode: 1, message: 'no' }).code).toBe('internal');
  expect(toChannelError('what').code).toBe('internal');
});

it('doesn’t know the outcome of what was sent over a connection that broke', () => {
  expect(toPublishError({ code: 80003, statusCode: 400, message: 'gone' }).code).toBe('unknown_outcome');
  expect(toPublishError({ code: 40160, statusCode: 401, message: 'no' }).code).toBe('forbidden');
});

it('says which rule is missing where messages are not mutable', async () => {
  stage = await openStage({ namespaces: { other: { mutableMessages: true } } });
  const { channel } = await stage.join('ada');
  const [created] = await channel.publish({ action: 'create', draft });
  if (created === undefined) throw new Error('no receipt');
  const append = { action: 'append', serial: created.serial, data: 'b', offset: 1 } as const;
  await expect(channel.publish(append)).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('updates, deletes and appends'),
  });
});

it('says that a token lacks a capability', async () => {
  stage = await openStage();
  const { channels } = await stage.join('ada', {}, { namespace: 'elsewhere' });
  await expect(channels.channel('room').publish({ action: 'create', draft })).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('capability'),
  });
});
