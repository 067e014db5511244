import { useEffect, useRef, useState } from 'react';
import type { AgentState, Run, RunHealth, SessionSnapshot } from '@holdfast/core';

interface AgentStatusProps {
  readonly snapshot: SessionSnapshot;
  readonly run: Run | undefined;
  readonly health: RunHealth | undefined;
  readonly connected: boolean;
}

/** One line that says what the agent is doing, on every device alike. */
export function AgentStatus({ snapshot, run, health, connected }: AgentStatusProps) {
  const rate = useRate(run?.length ?? 0, run?.id);
  if (!connected && run !== undefined)
    return <p className="status waiting">This device is offline. The answer goes on without it.</p>;
  if (!connected) return <p className="status waiting">This device is offline.</p>;
  if (run === undefined) return <p className="status">{ending(snapshot.runs.findLast(({ serial }) => serial !== undefined))}</p>;
  switch (run.status) {
    case 'queued':
      return <p className="status busy">Waiting for the assistant</p>;
    case 'cancelling':
      return <p className="status busy">Stopping</p>;
    default:
      return <Working health={health} rate={rate} />;
  }
}

function Working({ health, rate }: { readonly health: RunHealth | undefined; readonly rate: number }) {
  switch (health?.health) {
    case 'lost':
      return (
        <p className="status waiting">
          {health.reason === 'left' ? 'The assistant is gone' : 'Nothing is heard of the assistant'}. Another
          one takes over.
        </p>
      );
    case 'stalled':
      return <p className="status waiting">The assistant is there, but does not get on.</p>;
    default:
      return (
        <p className="status busy">
          {doing(health?.state)} <span className="figure">{rate > 0 && `${rate} characters a second`}</span>
        </p>
      );
  }
}

function doing(state: AgentState | undefined): string {
  switch (state?.doing) {
    case 'thinking':
      return 'Assistant is thinking';
    case 'calling':
      return `Assistant is using ${state.tool}`;
    case 'waiting':
      return 'Assistant waits for somebody';
    case 'queued':
      return 'Assistant waits for the model';
    default:
      return 'Assistant is writing';
  }
}

function ending(run: Run | undefined): string {
  switch (run?.status) {
    case 'cancelled':
      return 'The last answer was stopped.';
    case 'error':
      return `The last answer failed${run.reason === undefined ? '' : `: ${run.reason}`}.`;
    case 'lost':
      return 'The assistant went away in mid-answer.';
    case 'suspended':
      return 'The assistant waits for somebody.';
    default:
      return 'Every device on this session shows the same thing.';
  }
}

/** How fast a number grows, measured once a second. */
function useRate(length: number, key: string | undefined): number {
  const [rate, setRate] = useState(0);
  const latest = useRef(length);
  latest.current = length;
  useEffect(() => {
    let last = latest.current;
    const timer = setInterval(() => {
      setRate(Math.max(0, latest.current - last));
      last = latest.current;
    }, 1000);
    return () => clearInterval(timer);
  }, [key]);
  return rate;
}
