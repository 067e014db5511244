import { expect, test } from 'vitest';
import { createModel, createTap } from '../model.ts';
import { begin, toolCall } from '../model.ts';
import { createScene, settled, shown, soon } from './scene.ts';

test('300 re-subscriptions in mid-answer: no text is doubled or lost', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap) });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  const sent = laptop.chat.sendMessage('count');
  tap.push(begin, { type: 'STEP_STARTED', stepName: 's1' });
  for (let n = 0; n < 300; n += 1) {
    if (n % 3 === 0) tap.push({ type: 'REASONING_MESSAGE_CONTENT', messageId: 's1', delta: `thought ${n} ` });
    tap.say(`word ${n} `);
    if (n % 50 === 10) tap.push(...toolCall('lookup', { n }));
    (n % 2 === 0 ? laptop : phone).chat.subscribe({ restart: true });
    for (let turn = 0; turn < n % 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (n % 30 > 0) continue;
    await soon(() => {
      const [mine, other] = [laptop, phone].map(({ chat }) => JSON.stringify(shown(chat.getMessages())));
      expect(mine).toBe(other);
      expect(mine).toContain(`word ${n} `);
    });
  }
  tap.end();
  await sent;
  await settled(laptop, phone);
  const text = JSON.stringify(laptop.chat.getMessages());
  for (let n = 0; n < 300; n += 1) expect(text.split(`word ${n} `)).toHaveLength(2);
});
