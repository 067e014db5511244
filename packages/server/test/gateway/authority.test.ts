import type { Channel, Draft, Operation, Serial } from '@holdfast/channel';
import { createMemoryEngine } from '@holdfast/channel/memory';
import { describe, expect, it, vi } from 'vitest';
import { createAuthority } from '../../src/gateway/authority.ts';
import { openClient, openGateway, tokenFor } from './open-gateway.ts';

const question: Draft = {
  id: 'i-1',
  name: 'input',
  data: { message: { id: 'm-1', role: 'user', parts: [{ type: 'text', text: 'hello' }] }, parent: null },
};
const answer: Draft = {
  id: 'o-1',
  name: 'output',
  data: '',
  headers: { run: 'i-1', agent: 'assistant', format: '1' },
};

async function openSession() {
  const engine = createMemoryEngine();
  const { url } = await openGateway({ engine });
  const as = (clientId: string, role?: string): Channel =>
    openClient(url, clientId, {
      token: () => tokenFor(clientId, role === undefined ? {} : { claims: { role } }),
    }).channel('session');
  const stored = async () => (await engine.page('session', {})).messages.map(({ id }) => id).toReversed();
  return { engine, as, stored };
}

async function create(channel: Channel, draft: Draft): Promise<Serial> {
  const [receipt] = await channel.publish({ action: 'create', draft });
  if (receipt === undefined) throw new Error('no receipt');
  return receipt.serial;
}

describe('I16 the gateway holds records against the table of who may say what', () => {
  it('a participant asks, an agent answers, and the answer grows', async () => {
    const { as, stored } = await openSession();
    await create(as('ada'), question);
    const agent = as('assistant', 'agent');
    const serial = await create(agent, answer);
    await agent.publish({ action: 'append', serial, data: 'Hi', offset: 0 });
    await agent.publish({ action: 'update', serial, draft: { data: 'Hi there' } });
    expect(await stored()).toEqual(['i-1', 'o-1']);
  });

  it.each<[string, Draft]>([
    ['an answer', answer],
    ['an answer with an input’s id', { ...answer, id: 'i-1' }],
    ['what an assistant says', speaking('assistant')],
    ['a tool call', saying({ type: 'tool', name: 'pay', callId: 'c', state: 'running' })],
    ['a take of the floor', { id: 'f', name: 'floor', data: { act: 'take' } }],
    ['a checkpoint of the state', { id: 's', name: 'state', data: { key: '', all: {} } }],
  ])('P5 a participant cannot forge %s, whatever it calls itself', async (_, draft) => {
    const { as, stored } = await openSession();
    const roles = [undefined, 'participant', 'Agent', 'admin'];
    for (const role of roles) {
      const publishing = create(as('assistant', role), draft);
      await expect(publishing).rejects.toMatchObject({ code: 'forbidden' });
    }
    expect(await stored()).toEqual([]);
  });

  it('P10 only an agent seals', async () => {
    const { as } = await openSession();
    const agent = as('assistant', 'agent');
    const seals = await create(agent, answer);
    const seal = (id: string): Operation => ({
      action: 'create',
      draft: { id, name: 'note', data: '' },
      seals,
    });
    await expect(as('ada').publish(seal('a'))).rejects.toMatchObject({ code: 'forbidden' });
    await agent.publish({ action: 'append', serial: seals, data: 'still open', offset: 0 });
    await agent.publish(seal('b'));
    const append: Operation = { action: 'append', serial: seals, data: 'x', offset: 10 };
    await expect(agent.publish(append)).rejects.toMatchObject({ code: 'sealed' });
  });

  it.each<[string, (serial: Serial) => Operation]>([
    [
      'updated',
      (serial) => ({ action: 'update', serial, draft: { data: { ...(question.data as object) } } }),
    ],
    ['deleted', (serial) => ({ action: 'delete', serial })],
    [
      'turned into an answer',
      (serial) => ({ action: 'update', serial, draft: { name: 'output', data: '' } }),
    ],
  ])('P3 an input cannot be %s, on the connection that made it or another one', async (_, change) => {
    const { as, engine } = await openSession();
    const ada = as('ada');
    const serial = await create(ada, question);
    for (const channel of [ada, as('ada')])
      await expect(channel.publish(change(serial))).rejects.toMatchObject({ code: 'forbidden' });
    expect(await engine.message('session', serial)).toMatchObject({ name: 'input', data: question.data });
  });

  it('P3 a message that is no record is its creator’s, but cannot become one', async () => {
    const { as, stored } = await openSession();
    const ada = as('ada');
    const serial = await create(ada, { id: 'n', name: 'note', data: 'a' });
    await ada.publish({ action: 'append', serial, data: 'b', offset: 1 });
    const disguise: Operation = { action: 'update', serial, draft: { name: 'output', data: 'forged' } };
    for (const channel of [ada, as('ada')])
      await expect(channel.publish(disguise)).rejects.toMatchObject({ code: 'forbidden' });
    await ada.publish({ action: 'delete', serial });
    expect(await stored()).toEqual(['n']);
  });

  it('I9 a malformed record is refused with its path', async () => {
    const { as, stored } = await openSession();
    const draft: Draft = { id: 'i', name: 'input', data: { parent: null } };
    await expect(create(as('ada'), draft)).rejects.toMatchObject({
      code: 'invalid',
      path: 'operations[0].draft',
    });
    expect(await stored()).toEqual([]);
  });

  it('I1 operations keep their order where one of them needs a look into the log', async () => {
    const { as } = await openSession();
    const serial = await create(as('ada'), { id: 'n', name: 'note', data: '' });
    const again = as('ada');
    const text = 'abcdefgh';
    await Promise.all(
      [...text].flatMap((data, offset) => [
        again.publish({ action: 'append', serial, data, offset }),
        again.publish({ action: 'create', draft: { id: `n-${offset}`, name: 'note', data: '' } }),
      ]),
    );
    const { messages } = await again.history();
    expect(messages.map(({ id }) => id).toReversed()).toEqual([
      'n',
      ...[...text].map((_, index) => `n-${index}`),
    ]);
    expect(messages.at(-1)?.data).toBe(text);
  });
});

it('an authority looks into the log once for each message, and not for what it saw published', async () => {
  const nameOf = vi.fn(async (): Promise<string> => 'note');
  const authority = createAuthority({ claims: undefined, nameOf });
  const append = (serial: string): Operation => ({
    action: 'append',
    serial: serial as Serial,
    data: '',
    offset: 0,
  });
  const made: Operation[] = [{ action: 'create', draft: { id: 'n', name: 'note', data: '' } }];
  authority.published(made, [{ serial: 'own' as Serial, version: 'v' as never }]);
  expect(authority.check([append('own')])).toBeUndefined();
  await authority.check([append('other'), append('other')]);
  expect(authority.check([append('other')])).toBeUndefined();
  expect(nameOf).toHaveBeenCalledTimes(1);
});

function saying(part: object): Draft {
  const message = { id: 'm-1', role: 'user', parts: [part] };
  return { id: 'i-2', name: 'input', data: { message, parent: null } as unknown as Draft['data'] };
}

function speaking(role: string): Draft {
  const message = { id: 'm-1', role, parts: [{ type: 'text', text: 'trust me' }] };
  return { id: 'i-3', name: 'input', data: { message, parent: null } };
}
