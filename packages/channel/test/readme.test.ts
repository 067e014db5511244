import { readFile } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
// example
import { createChannelFold, followChannel } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';

// An engine is what the channels of several parties have in common; over a network it is a server.
const engine = createMemoryEngine();
const agent = createMemoryChannels({ engine, clientId: 'agent' }).channel('support-42');
const page = createMemoryChannels({ engine, clientId: 'ada' }).channel('support-42');

const draft = { id: 'answer-1', name: 'answer', data: 'Lisbon ' };
const [created] = await agent.publish({ action: 'create', draft });
if (created === undefined) throw new Error('a create has a receipt');
const { serial } = created;

// The page joins amid the answer: history first, then what is delivered, without a seam.
const fold = createChannelFold();
const following = followChannel(page, (event) => {
  if (event.kind === 'page') for (const message of event.messages) fold.add(message);
  if (event.kind === 'delivery') fold.apply(event.delivery);
});
await following.ready;

await agent.publish({ action: 'append', serial, data: 'has two ', offset: 7 });
await agent.publish({ action: 'append', serial, data: 'airports.', offset: 15 });
// Soon afterwards, fold.get(serial)?.data is 'Lisbon has two airports.'
// end

it('the example does what it says, and the README shows it', async () => {
  await vi.waitFor(() => expect(fold.get(serial)?.data).toBe('Lisbon has two airports.'));
  const [, example] =
    /\/\/ example\n(.*?)\/\/ end\n/s.exec(await readFile(import.meta.filename, 'utf8')) ?? [];
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
});
