import { decideApproval, readApproval, type Approval } from '@holdfast/core';
import { useEffect, useReducer, useSyncExternalStore } from 'react';
import { useSession } from './session-context.ts';

interface ApprovalButtonsProps {
  readonly message: string;
  readonly callId: string;
}

/** Approve and Deny, which do something only while that counts: every device says the same. */
export function ApprovalButtons({ message, callId }: ApprovalButtonsProps) {
  const session = useSession();
  const { runs } = useSyncExternalStore(session.subscribe, () => session.snapshot);
  const run = runs.find(({ output }) => output === message)?.id;
  const approval = run === undefined ? undefined : readApproval(session, { run, callId });
  useRefreshAt(approval?.until);
  if (approval === undefined) return null;
  const { state, mayDecide, refusal, reason } = approval;
  const decide = (ok: boolean): void => {
    decideApproval(session, approval, { ok }).catch((error: unknown) => console.error(error));
  };
  return (
    <div className="approval" data-state={state}>
      <button type="button" disabled={!mayDecide} onClick={() => decide(true)}>
        Approve
      </button>
      <button type="button" disabled={!mayDecide} onClick={() => decide(false)}>
        Deny
      </button>
      <span>{WORDS[state]}</span>
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

/** Renders again when a deadline has passed. */
function useRefreshAt(time: number | undefined): void {
  const [, refresh] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const left = time === undefined ? -1 : time - Date.now();
    if (left < 0) return undefined;
    const timer = setTimeout(refresh, left + 1);
    return () => clearTimeout(timer);
  }, [time]);
}
