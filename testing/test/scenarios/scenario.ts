import { afterAll, describe, test } from 'vitest';
import type { Backend } from './backends/backend.ts';
import { BACKENDS } from './backends/backends.ts';
import { openStage, type Stage } from './stage.ts';

/** One of each for a file's scenarios, opened when the first of them needs it. */
const opened = new Map<string, Promise<Backend>>();

/** Plays one story on every backend, each time in a session of its own. */
export function scenario(name: string, play: (stage: Stage) => Promise<void>): void {
  describe(name, () => {
    test.each(Object.entries(BACKENDS))('on %s', async (backend, open) => {
      const opening = opened.get(backend) ?? open();
      opened.set(backend, opening);
      await play(openStage(await opening));
    });
  });
}

afterAll(async () => {
  const backends = await Promise.all(opened.values());
  await Promise.all(backends.map((backend) => backend.close()));
});
