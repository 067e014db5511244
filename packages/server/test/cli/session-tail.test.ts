import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { expect, it } from 'vitest';
import { tailSession } from '../../src/cli/session-tail.ts';

it('prints history, then what happens, each thing once', async () => {
  let now = Date.UTC(2026, 0, 1, 12, 30, 1, 7);
  const engine = createMemoryEngine({ now: () => now });
  const channel = createMemoryChannels({ engine, clientId: 'ada' }).channel('c');
  const publish = async (id: string, name: string, data: string) => {
    const headers = name === 'output' ? { run: 'r-1' } : {};
    const [receipt] = await channel.publish({ action: 'create', draft: { id, name, data, headers } });
    if (receipt === undefined) throw new Error('no receipt');
    return receipt.serial;
  };
  await publish('i-1', 'input', 'hello');
  const serial = await publish('o-1', 'output', '');
  const lines: string[] = [];
  const following = tailSession(channel, { print: (line) => lines.push(line), width: 30 });
  await following.ready;
  now += 1000;
  const first = '\u001e["open","text"]\nHi ';
  await channel.publish({ action: 'append', serial, data: first, offset: 0 });
  await channel.publish({ action: 'append', serial, data: 'there', offset: first.length });
  await channel.signal({ id: 's', name: 'beat', data: { doing: 'thinking' } });
  await channel.publish({
    action: 'annotate',
    serial,
    annotation: { action: 'add', id: 'n', type: 'likes:flag.v1' },
  });
  await channel.publish({ action: 'delete', serial });
  following.close();
  await following.closed;
  await publish('i-2', 'input', 'unheard');
  expect(lines.map((line) => line.replaceAll(serial, '<serial>'))).toEqual([
    '12:30:01.007  input      ada          i-1  hello',
    '12:30:01.007  output     ada          o-1  run=r-1',
    // The first word about a message is the whole message.
    '              + ␞["open","text"]⏎Hi ',
    '              + there',
    '12:30:02.007  ~beat      ada          {"doing":"thinking"}',
    '              * <serial>  {"likes:flag.v1":{"total":1,"clientIds":["ada"]}}',
    '12:30:01.007  output     ada          o-1  (deleted)',
  ]);
});

it('cuts long lines', async () => {
  const channel = createMemoryChannels({ clientId: 'ada' }).channel('c');
  await channel.publish({ action: 'create', draft: { id: 'i', name: 'input', data: 'x'.repeat(100) } });
  const lines: string[] = [];
  const following = tailSession(channel, { print: (line) => lines.push(line), width: 10 });
  await following.ready;
  following.close();
  expect(lines[0]).toMatch(/ {2}x{9}…$/);
});
