import type { Engine } from '@holdfast/channel/engine';

const PUBLISHER = { clientId: 'assistant', connectionId: 'bench', claims: { role: 'agent' } };
const AT_ONCE = 100;
/** Characters of a short message, of an answer, and of each append to it. */
export const SHORT = 60;
export const ANSWER = 1800;
const DELTA = 180;

/** Names of sessions, as long as a random id. */
export const names = (kind: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${kind}-${index.toString().padStart(12, '0')}`);

/** Stores a short message in each session. */
export function storeShort(engine: Engine, sessions: readonly string[], id: string): Promise<void> {
  return each(sessions, async (session) => {
    await create(engine, session, id, 'x'.repeat(SHORT));
  });
}

/** Stores an answer in each session, append by append. */
export function storeAnswer(engine: Engine, sessions: readonly string[], id: string): Promise<void> {
  return each(sessions, async (session) => {
    const serial = await create(engine, session, id, '');
    const data = 'x'.repeat(DELTA);
    for (let offset = 0; offset < ANSWER; offset += DELTA)
      await engine.commit(session, PUBLISHER, [{ action: 'append', serial, data, offset }]);
  });
}

async function create(engine: Engine, session: string, id: string, data: string) {
  const draft = { id, name: 'note', data, headers: { run: id } };
  const [outcome] = await engine.commit(session, PUBLISHER, [{ action: 'create', draft }]);
  if (outcome?.ok !== true) throw new Error('A create was refused.', { cause: outcome });
  return outcome.receipt.serial;
}

async function each(sessions: readonly string[], store: (session: string) => Promise<void>): Promise<void> {
  for (let first = 0; first < sessions.length; first += AT_ONCE)
    await Promise.all(sessions.slice(first, first + AT_ONCE).map(store));
}
