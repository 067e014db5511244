import { decideApproval, openSession, type Session } from '@holdfast/core';
import { readPending } from '@holdfast/core/handover';
import { openNotes } from '@holdfast/core/notes';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createScene, ended, until, type Scene } from '../scene.ts';
import { said, textOf } from '../text-codec.ts';

const FINANCE = { role: 'staff', refunds: true };

async function staff(
  scene: Scene,
  clientId: string,
  claims: Record<string, string | boolean> = { role: 'staff' },
): Promise<Session> {
  const session = openSession({ channels: scene.connect(clientId, claims), name: scene.name });
  onTestFinished(() => session.close());
  await session.ready;
  await session.enter();
  return session;
}

test('an agent asks for a person, tells staff why in private, and is silent until it has the floor again', async () => {
  const scene = createScene();
  const answered: string[] = [];
  await scene.agent(async (run) => {
    const question = (await run.branch()).at(-1);
    answered.push(textOf(question?.parts ?? []));
    if (answered.length === 1) {
      await run.notes.write({ id: `${run.id}:why`, parts: said('Third refund this year.') });
      await run.notes.write({ id: `${run.id}:why`, parts: said('Third refund this year.') });
      await run.floor('ask', { reason: 'a refund above my limit' });
    } else answered.push(...(await run.notes.read()).map(({ parts }) => textOf(parts)));
    await run.pipe(toStream('…'));
  });
  const ada = await scene.device();
  const first = ada.send({ parts: said('I want my money back') });
  await ended(ada, first.run);
  await until(ada, () => ada.snapshot.floor.asked?.by === 'bot');

  const bob = await staff(scene, 'bob');
  expect(readPending(bob)).toMatchObject({
    asked: { by: 'bot', reason: 'a refund above my limit' },
    questions: [],
  });
  await bob.floor('take');
  expect(readPending(bob).asked).toBeUndefined();
  const notes = openNotes({ channels: scene.connect('bob', 'staff'), session: scene.name });
  await notes.ready;
  expect(notes.snapshot).toMatchObject([
    { about: first.message, author: { clientId: 'bot', role: 'agent' } },
  ]);
  await notes.write({ parts: said('Offer her a voucher.') });
  notes.close();

  await until(ada, () => ada.snapshot.floor.holder.kind === 'person');
  const held = ada.send({ parts: said('Hello?') });
  await until(bob, () =>
    readPending(bob).questions.some(({ id, held: isHeld }) => id === held.run && isHeld === true),
  );
  await bob.send({ parts: said('Bob here.') }).stored;
  await until(ada, () => ada.snapshot.messages.at(-1)?.author.role === 'staff');
  expect(ada.snapshot.messages.at(-1)).toMatchObject({
    role: 'assistant',
    author: { clientId: 'bob', role: 'staff' },
  });
  expect(answered).toHaveLength(1);
  await bob.floor('release');
  await until(ada, () => ada.snapshot.floor.holder.kind === 'agents');
  const last = ada.send({ parts: said('Thanks') });
  await ended(ada, last.run);
  expect(answered.slice(1)).toEqual(['Thanks', 'Third refund this year.', 'Offer her a voucher.']);
});

test('what is handed to an agent by its name is answered by that one', async () => {
  const scene = createScene();
  const by: string[] = [];
  for (const name of ['support', 'billing'])
    await scene.agent((run) => (by.push(name), run.pipe(toStream(name))), {
      channels: scene.connect(name, 'agent'),
      name,
    });
  const ada = await scene.device();
  const bob = await staff(scene, 'bob');
  await bob.floor('take');
  await until(ada, () => ada.snapshot.floor.holder.kind === 'person');
  const held = ada.send({ parts: said('An invoice, please') });
  await held.stored;
  await bob.floor('hand', { to: 'billing', as: 'agent' });
  await ended(ada, held.run);
  expect(ada.snapshot.floor.holder).toEqual({ kind: 'agents', name: 'billing' });
  for (const text of ['one', 'two', 'three']) await ended(ada, ada.send({ parts: said(text) }).run);
  expect(by).toEqual(['billing', 'billing', 'billing', 'billing']);
  const suspended = ada.send({ parts: said('to support') }, { to: 'support' });
  await ended(ada, suspended.run);
  expect(by.at(-1)).toBe('support');
});

test('of two who take at once everyone sees the same one, and the other is told', async () => {
  const scene = createScene();
  const ada = await scene.device();
  const desk = await Promise.all(['bob', 'eve'].map((name) => staff(scene, name)));
  await Promise.all(desk.map((session) => session.floor('take')));
  const everyone = [ada, ...desk];
  await vi.waitFor(() => {
    const holders = everyone.map(({ snapshot }) => snapshot.floor.holder);
    expect(new Set(holders.map((holder) => JSON.stringify(holder))).size).toBe(1);
    expect(holders[0]?.kind).toBe('person');
    expect(desk.flatMap(({ snapshot }) => snapshot.refusals)).toMatchObject([
      { kind: 'floor', code: 'late' },
    ]);
  });
});

test('a participant’s take does not count, and it is told so; a staff’s is never shown as refused', async () => {
  const scene = createScene();
  const [ada, bob] = [await scene.device(), await staff(scene, 'bob')];
  const seen: unknown[] = [];
  bob.subscribe(() => seen.push(...bob.snapshot.refusals));
  await bob.floor('take').then(() => bob.floor('release'));
  await ada.floor('take').catch(() => {});
  await until(ada, () => ada.snapshot.refusals.length > 0);
  expect(ada.snapshot.refusals).toMatchObject([{ kind: 'floor', code: 'forbidden' }]);
  expect([ada, bob].map(({ snapshot }) => snapshot.floor.holder.kind)).toEqual(['agents', 'agents']);
  expect(seen).toEqual([]);
});

test('an approval that claims decide: others see why not, and what they send does not count', async () => {
  const scene = createScene();
  await scene.agent(
    async (run) => {
      const who = { roles: ['staff'], claims: { refunds: true } } as const;
      const { ok, input, callId } = await run.requestApproval('refund', { euros: 400 }, { who });
      if (ok) await run.callTool('refund', input, () => 'paid', { id: callId });
      await run.pipe(toStream(ok ? 'paid' : 'not paid'));
    },
    { holdMs: 20 },
  );
  const ada = await scene.device();
  const { run } = ada.send({ parts: said('400 euros back') });
  await vi.waitFor(() => expect(ada.run(run)?.status).toBe('suspended'));
  const [bob, eve] = [await staff(scene, 'bob'), await staff(scene, 'eve', FINANCE)];
  const [asBob, asEve] = [bob, eve].map((session) => readPending(session).approvals[0]);
  expect(asBob).toMatchObject({ mayDecide: false, needs: 'staff with refunds: true' });
  expect(asEve).toMatchObject({ mayDecide: true, run });
  expect(asEve).not.toHaveProperty('needs');
  if (asBob === undefined || asEve === undefined) throw new Error('two approvals');
  await decideApproval(bob, asBob, { ok: true });
  await vi.waitFor(() => expect(readPending(bob).approvals[0]?.refusal).toBeDefined());
  expect(readPending(bob).approvals[0]?.refusal).toMatchObject({
    refused: 'forbidden',
    why: 'Somebody else has to decide this: staff with refunds: true.',
  });
  await decideApproval(eve, asEve, { ok: true });
  await vi.waitFor(() => expect(ada.run(run)?.status).toBe('complete'));
  expect(textOf(ada.snapshot.messages.at(-1)?.parts ?? [])).toBe('paid');
  expect(readPending(eve)).toMatchObject({ approvals: [], questions: [], running: [] });
});

async function* toStream(text: string) {
  yield { type: 'text', text } as const;
}
