import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
// example
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { describeChannel } from '@holdfast/conformance/channel';

describeChannel({
  name: 'memory channels',
  open: async () => {
    const engine = createMemoryEngine();
    return {
      connect: async (clientId, claims) =>
        createMemoryChannels({
          engine,
          ...(clientId !== undefined && { clientId }),
          ...(claims !== undefined && { claims }),
        }),
      close: () => engine.close(),
    };
  },
});
// end

it('the README shows this example', async () => {
  const [, example] =
    /\/\/ example\n(.*?)\/\/ end\n/s.exec(await readFile(import.meta.filename, 'utf8')) ?? [];
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
});
