import type { Delivery } from '@holdfast/channel';
import { afterEach, expect, it, vi } from 'vitest';
import { openStream } from '../src/reading/stream.ts';
import { openStage, type Stage } from './open-pair.ts';

let stage: Stage;
afterEach(() => stage.close());

it('an attachment that nobody uses any more is given up, and the next one starts where it begins', async () => {
  stage = await openStage();
  const ada = await stage.join('ada');
  const { client } = await stage.join('bob');
  const stream = openStream(client, 'holdfast:room', 1);
  const first = await stream.subscribe(() => {}, {});
  const second = await stream.subscribe(() => {}, {});
  first.close();
  second.close();
  await stream.ably.whenState('detached');

  await ada.channel.publish({ action: 'create', draft: { id: 'missed', name: 'note', data: 'a' } });
  const heard: Delivery[] = [];
  const third = await stream.subscribe((delivery) => void heard.push(delivery), {});
  expect(third.start > first.start).toBe(true);
  await ada.channel.publish({ action: 'create', draft: { id: 'next', name: 'note', data: 'b' } });
  await vi.waitUntil(() => heard.length > 0);
  expect(heard).toMatchObject([{ kind: 'message', message: { id: 'next' } }]);
  await stream.close();
  expect(await third.closed).toBeUndefined();
});
