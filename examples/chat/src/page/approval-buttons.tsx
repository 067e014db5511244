import { decideApproval, readApproval, type Approval } from '@holdfast/core';
import { useState, useSyncExternalStore } from 'react';
import { AmountFields, changesOf } from './amount-fields.tsx';
import { useRefreshAt } from './refresh-at.ts';
import { useSession } from './session-context.ts';

interface ApprovalButtonsProps {
  readonly message: string;
  readonly callId: string;
}

/** Approve and Deny, which do something only while that counts: every device says the same. */
export function ApprovalButtons({ message, callId }: ApprovalButtonsProps) {
  const session = useSession();
  const [amounts, setAmounts] = useState<Readonly<Record<string, number>>>({});
  const { runs, messages } = useSyncExternalStore(session.subscribe, () => session.snapshot);
  const run = runs.find(({ output }) => output === message)?.id;
  const approval = run === undefined ? undefined : readApproval(session, { run, callId });
  useRefreshAt(approval?.until);
  if (approval === undefined) return null;
  const { state, mayDecide, refusal, reason, input, isEditable } = approval;
  const decide = (ok: boolean): void => {
    const changed = ok && Object.keys(amounts).length > 0 ? { input: Object.assign({}, input, amounts) } : {};
    decideApproval(session, approval, { ok, ...changed }).catch((error: unknown) => console.error(error));
  };
  const call = messages
    .find(({ id }) => id === message)
    ?.parts.findLast((part) => part.type === 'tool' && part.callId === callId);
  const proposed = call?.type === 'tool' ? call.approval?.proposed : undefined;
  return (
    <div className="approval" data-state={state}>
      {isEditable && mayDecide && <AmountFields input={input} amounts={amounts} onChange={setAmounts} />}
      <button type="button" className="yes" disabled={!mayDecide} onClick={() => decide(true)}>
        Approve
      </button>
      <button type="button" disabled={!mayDecide} onClick={() => decide(false)}>
        Deny
      </button>
      <span>{WORDS[state]}</span>
      {proposed !== undefined && <p className="changed">Changed: {changesOf(proposed, input)}</p>}
      {refusal !== undefined && state === 'open' && <p>Your decision did not count: {refusal.why}</p>}
      {reason !== undefined && state === 'denied' && <p>{reason}</p>}
    </div>
  );
}

const WORDS: Readonly<Record<Approval['state'], string>> = {
  open: '',
  sent: 'Decision sent',
  approved: 'Approved',
  denied: 'Denied',
  expired: 'Nobody decided in time',
  closed: 'No longer asked',
};
