import type { MessageId } from '@holdfast/core';
import { useSyncExternalStore } from 'react';
import { useSession } from './session-context.ts';

/** Below a message that the session does not have yet: what it waits for or why it failed, and what can be done about it. */
export function Unsent({ message }: { readonly message: string }) {
  const session = useSession();
  const id = message as MessageId;
  const { messages } = useSyncExternalStore(session.subscribe, () => session.snapshot);
  const delivery = messages.find((each) => each.id === id)?.delivery;
  const unsent = delivery === undefined || delivery === 'sent' ? undefined : session.unsent?.find(id);
  if (unsent === undefined) return null;
  return (
    <p className="unsent" data-state={unsent.state}>
      <span>
        {unsent.state === 'waiting' ? 'Not sent yet' : `Not sent: ${WHY[unsent.code ?? ''] ?? unsent.reason}`}
      </span>
      {unsent.state === 'failed' && (
        <button type="button" onClick={() => void session.unsent?.resend(id)}>
          Send again
        </button>
      )}
      <button
        type="button"
        onClick={() => {
          session.unsent?.withdraw(id).catch((error: unknown) => console.error(error));
        }}
      >
        Withdraw
      </button>
    </p>
  );
}

const WHY: Readonly<Record<string, string>> = {
  expired: 'there was no network for a day',
  too_large: 'it is too large',
  forbidden: 'this is not allowed here',
};
