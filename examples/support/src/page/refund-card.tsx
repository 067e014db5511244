import type { ToolPart } from '@holdfast/codec';
import { decideApproval, readApproval, type Run, type Session } from '@holdfast/core';
import { isStaff, PEOPLE } from '../people.ts';
import { useSnapshot } from './use-session.ts';

interface RefundCardProps {
  readonly session: Session;
  readonly run: Run;
  readonly part: ToolPart;
}

/** A refund: what becomes of it for everybody, and for staff the decision, or who has to take it. */
export function RefundCard({ session, run: { id: run }, part }: RefundCardProps) {
  // Who may decide depends on who is here.
  useSnapshot(session);
  const { callId, state } = part;
  const approval = readApproval(session, { run, callId });
  const isOpen = approval?.state === 'open' || approval?.state === 'sent';
  const decide = (ok: boolean): void => {
    if (approval === undefined) return;
    decideApproval(session, approval, { ok }).catch((error: unknown) => console.error(error));
  };
  return (
    <section className="tool refund" data-state={state}>
      <h3>
        Refund {describe(part.input)} <span>{WORDS[state]}</span>
      </h3>
      {isOpen && isStaff(PEOPLE[session.clientId ?? '']) && (
        <div className="approval">
          <button type="button" disabled={!approval.mayDecide} onClick={() => decide(true)}>
            Approve
          </button>
          <button type="button" disabled={!approval.mayDecide} onClick={() => decide(false)}>
            Deny
          </button>
          {approval.needs !== undefined && <p>Not yours to decide: it takes {approval.needs}.</p>}
          {approval.refusal !== undefined && <p>It did not count: {approval.refusal.why}</p>}
        </div>
      )}
    </section>
  );
}

const WORDS: Readonly<Record<ToolPart['state'], string>> = {
  input: '',
  proposed: 'being prepared',
  asked: 'waits for approval',
  approved: 'approved',
  denied: 'not approved',
  running: 'being paid',
  result: 'paid',
  error: 'failed',
};

function describe(input: ToolPart['input']): string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return '';
  const { order, euros } = input as { readonly order?: unknown; readonly euros?: unknown };
  return `of ${String(euros)} € for order ${String(order)}`;
}
