import type { Channels } from '@holdfast/channel';
import type { MessageId, Session } from '@holdfast/core';
import { openReasoning, type Reasoning } from '@holdfast/core/reasoning';
import { useEffect, useState, useSyncExternalStore } from 'react';

const nothing = (): undefined => undefined;
const never = () => nothing;

/** Reads a message's reasoning while the component is there. */
export function useReasoning(channels: Channels, session: Session, message: MessageId) {
  const [reasoning, setReasoning] = useState<Reasoning>();
  useEffect(() => {
    const opened = openReasoning({ channels, session, of: { message } });
    setReasoning(opened);
    return () => opened.close();
  }, [channels, session, message]);
  return useSyncExternalStore(reasoning?.subscribe ?? never, () => reasoning?.snapshot, nothing);
}

interface ThoughtsProps {
  readonly channels: Channels;
  readonly session: Session;
  readonly message: MessageId;
  readonly length: number;
}

export function Thoughts(props: ThoughtsProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Thought for {props.length} characters</summary>
      {isOpen && <OpenThoughts {...props} />}
    </details>
  );
}

function OpenThoughts({ channels, session, message }: ThoughtsProps) {
  const shown = useReasoning(channels, session, message);
  return shown?.parts.map(({ text }, index) => <p key={index}>{text}</p>);
}
