import { expect, test } from 'vitest';
import { createMemoryChannels, createMemoryEngine } from '../src/memory.ts';

test('I1 who publishes while it is being told something overtakes it for nobody', async () => {
  const engine = createMemoryEngine();
  const [first, second, writer] = ['first', 'second', 'writer'].map((clientId) =>
    createMemoryChannels({ engine, clientId }).channel('c'),
  );
  const told: string[] = [];
  await first?.subscribe((delivery) => {
    if (delivery.kind === 'message' && delivery.message.id === 'question')
      void first.publish({ action: 'create', draft: { id: 'answer', name: 'n', data: '' } });
  });
  const heard = new Promise<void>((resolve) => {
    void second?.subscribe((delivery) => {
      if (delivery.kind !== 'message') return;
      told.push(delivery.message.id);
      if (told.length === 2) resolve();
    });
  });
  await writer?.publish({ action: 'create', draft: { id: 'question', name: 'n', data: '' } });
  await heard;
  expect(told).toEqual(['question', 'answer']);
});
