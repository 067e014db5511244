import type { Session } from '@holdfast/core';
import { readPending } from '@holdfast/core/handover';
import { isStaff, PEOPLE } from '../people.ts';
import { useSnapshot } from './use-session.ts';

/** Who answers, what is open, and what one can do about it. */
export function FloorPanel({ session }: { readonly session: Session }) {
  const { floor, refusals } = useSnapshot(session);
  const { holder } = floor;
  const { asked, questions, approvals } = readPending(session);
  const me = session.clientId ?? '';
  const act = (...what: Parameters<Session['floor']>): void => {
    session.floor(...what).catch((error: unknown) => console.error(error));
  };
  const refused = refusals.findLast(({ kind }) => kind === 'floor');
  const isMine = holder.kind === 'person' && holder.clientId === me;
  return (
    <section className="panel" aria-label="Who answers">
      <h2>{describe(holder, me)}</h2>
      {asked && <p className="asked">A person is wanted: {asked.reason}</p>}
      <p>
        {questions.length > 0 ? `${questions.length} not answered. ` : ''}
        {approvals.length > 0 ? `${approvals.length} to approve.` : ''}
      </p>
      <div className="acts">
        {holder.kind === 'agents' && (
          <button type="button" onClick={() => act('take')}>
            Take over
          </button>
        )}
        {holder.kind === 'person' && !isMine && (
          <button type="button" onClick={() => act('take', { from: holder.clientId ?? '' })}>
            Take it from {nameOf(holder.clientId)}
          </button>
        )}
        {isMine &&
          Object.entries(PEOPLE)
            .filter(([id, person]) => id !== me && isStaff(person))
            .map(([id, { name }]) => (
              <button key={id} type="button" onClick={() => act('hand', { to: id })}>
                Hand to {name}
              </button>
            ))}
        {isMine && (
          <button type="button" onClick={() => act('release')}>
            Back to the assistant
          </button>
        )}
      </div>
      {refused?.code === 'late' && holder.kind === 'person' && !isMine && (
        <p className="asked">{nameOf(holder.clientId)} was first.</p>
      )}
    </section>
  );
}

function nameOf(clientId = ''): string {
  return PEOPLE[clientId]?.name ?? clientId;
}

function describe(holder: Session['snapshot']['floor']['holder'], me: string): string {
  if (holder.kind === 'agents') return 'The assistant answers';
  return holder.clientId === me ? 'You answer' : `${nameOf(holder.clientId)} answers`;
}
