import type { Session } from '@holdfast/core';
import { readPending } from '@holdfast/core/handover';
import { openNotes, staffLane, type Notes } from '@holdfast/core/notes';
import { expect, vi } from 'vitest';
import type { Who } from './backends/backend.ts';
import { ask, ended, lines, repeatPrompt, said, say, textOf, until } from './conversation.ts';
import { scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

const SECRETS = { agent: 'refunded twice before', staff: 'a voucher instead' } as const;

/** What a person's token says: the lane is staff's. */
function person({ name }: Stage, clientId: string, role?: 'staff' | 'agent'): Who {
  const everyones = { [name]: ['*'], [`${name}:open:*`]: ['*'] } as const;
  if (role === undefined) return { clientId, capabilities: everyones };
  return { clientId, role, capabilities: { ...everyones, [staffLane(name)]: ['*'] } };
}

interface Desk {
  readonly session: Session;
  readonly notes: Notes;
}

async function sitDown(stage: Stage, clientId: string): Promise<Desk> {
  const channels = await stage.connect(person(stage, clientId, 'staff'));
  const notes = openNotes({ channels, session: stage.name });
  stage.finally(() => notes.close());
  const session = await stage.session(clientId, { channels });
  await notes.ready;
  return { session, notes };
}

scenario('from the agent to people, between them, and back', async (stage) => {
  const wire: Buffer[] = [];
  const ada = await stage.connect({ ...person(stage, 'ada'), onBytes: (bytes) => void wire.push(bytes) });
  const customer = await stage.session('ada', { channels: ada });
  const answered: string[] = [];
  await stage.agent(
    async (run) => {
      const question = textOf((await run.branch()).at(-1)?.parts ?? []);
      answered.push(question);
      if (question !== 'A person, please') return repeatPrompt(run);
      await run.notes.write({ parts: said(`She was ${SECRETS.agent}.`) });
      await run.floor('ask', { reason: 'a refund' });
      await run.pipe(say('Somebody will come'));
    },
    { channels: await stage.connect(person(stage, 'bot', 'agent')) },
  );
  await ask(customer, 'My money back');
  await ask(customer, 'A person, please');
  await until(customer, () => customer.snapshot.floor.asked !== undefined);

  // Two people at once: one has it, and everybody knows who.
  const desks = [await sitDown(stage, 'bob'), await sitDown(stage, 'eve')] as const;
  for (const { session } of desks)
    expect(readPending(session)).toMatchObject({ asked: { by: 'bot', reason: 'a refund' } });
  const everyone = [customer, ...desks.map(({ session }) => session)];
  await Promise.all(desks.map(({ session }) => session.floor('take')));
  await vi.waitFor(() => {
    const [holder, ...others] = everyone.map(({ snapshot }) => snapshot.floor.holder);
    expect(holder?.kind).toBe('person');
    for (const other of others) expect(other).toEqual(holder);
    const refusals = desks.flatMap(({ session }) => session.snapshot.refusals);
    expect(refusals).toMatchObject([{ kind: 'floor', code: 'late' }]);
  });
  const { holder: first } = customer.snapshot.floor;
  const isBobs = first.kind === 'person' && first.clientId === 'bob';
  const [one, other] = isBobs ? desks : ([desks[1], desks[0]] as const);

  // A customer takes nothing, and has no way into the lane.
  await customer.floor('take').catch(() => {});
  await until(customer, () => customer.snapshot.refusals.length > 0);
  expect(customer.snapshot.refusals).toMatchObject([{ kind: 'floor', code: 'forbidden' }]);
  if (stage.backend.isGuarded) {
    const spying = openNotes({ channels: ada, session: stage.name });
    await expect(spying.ready).rejects.toMatchObject({ code: 'forbidden' });
    await expect(spying.write({ parts: said('hello?') })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ada.channel(staffLane(stage.name)).history()).rejects.toMatchObject({ code: 'forbidden' });
    spying.close();
  }

  // While a person has it, agents are silent.
  const { run: held } = customer.send({ parts: said('Is anybody there?') });
  await until(one.session, () => one.session.run(held)?.held === true);
  expect(readPending(one.session).questions.map(({ id }) => id)).toEqual([held]);
  await one.notes.write({ parts: said(`Offer her ${SECRETS.staff}.`) });
  await one.session.send({ parts: said('I am here') }).stored;
  await until(customer, () => customer.snapshot.messages.at(-1)?.author.role === 'staff');
  expect(customer.snapshot.messages.at(-1)).toMatchObject({
    role: 'assistant',
    author: { clientId: one.session.clientId, role: 'staff' },
  });

  // Who joins sees all of it, and it is handed on.
  const joining = await sitDown(stage, other.session.clientId ?? '');
  expect(lines(joining.session)).toEqual(lines(one.session));
  expect(joining.notes.snapshot.map(({ author, parts }) => [author.role, textOf(parts)])).toEqual([
    ['agent', `She was ${SECRETS.agent}.`],
    ['staff', `Offer her ${SECRETS.staff}.`],
  ]);
  await one.session.floor('hand', { to: joining.session.clientId ?? '' });
  await until(joining.session, () => isHolder(joining.session));
  await joining.session.send({ parts: said('So am I') }).stored;
  expect(answered).toEqual(['My money back', 'A person, please']);
  await joining.session.floor('release');
  await until(customer, () => customer.snapshot.floor.holder.kind === 'agents');
  await until(customer, () => lines(customer).includes('assistant: So am I'));

  const { answer } = await ask(customer, 'Thanks');
  expect(answered).toEqual(['My money back', 'A person, please', 'Thanks']);
  expect(customer.run(held)?.status).toBe('complete');
  expect(textOf(customer.message(answer)?.parts ?? [])).toBe(
    'user: My money back | answer | user: A person, please | answer | user: Is anybody there? | answer | answer | user: Thanks',
  );
  await vi.waitFor(() => expect(lines(joining.session)).toEqual(lines(customer)));

  const received = Buffer.concat(wire).toString('latin1');
  if (stage.backend.isGuarded) expect(received).toContain('Somebody will come');
  for (const secret of Object.values(SECRETS)) expect(received).not.toContain(secret);
});

scenario('handed to an agent by its name, and taken from a colleague', async (stage) => {
  const by: string[] = [];
  for (const name of ['support', 'billing'])
    await stage.agent((run) => (by.push(name), run.pipe(say(name))), {
      name,
      channels: await stage.connect({ clientId: name, role: 'agent' }),
    });
  const customer = await stage.session('ada');
  const [bob, eve] = await Promise.all(
    ['bob', 'eve'].map((clientId) => stage.session({ clientId, role: 'staff' })),
  );
  if (bob === undefined || eve === undefined) throw new Error('two people');
  await bob.floor('take');
  await until(eve, () => eve.snapshot.floor.holder.kind === 'person');
  await eve.floor('take', { from: 'bob' });
  await until(customer, () => JSON.stringify(customer.snapshot.floor.holder).includes('eve'));
  const { run } = customer.send({ parts: said('An invoice, please') });
  await until(eve, () => eve.run(run)?.held === true);
  await eve.floor('hand', { to: 'billing', as: 'agent' });
  await ended(customer, run);
  expect(customer.snapshot.floor.holder).toEqual({ kind: 'agents', name: 'billing' });
  await ask(customer, 'And another');
  await ask(customer, 'Is this support?', { to: 'support' });
  expect(by).toEqual(['billing', 'billing', 'support']);
  expect([bob, eve].flatMap(({ snapshot }) => snapshot.refusals)).toEqual([]);
});

function isHolder({ clientId, snapshot: { floor } }: Session): boolean {
  return floor.holder.kind === 'person' && floor.holder.clientId === clientId;
}
