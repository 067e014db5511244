import { useEffect, useRef, useState } from 'react';
import type { AgentState, Run, RunHealth, SessionSnapshot } from '@holdfast/core';
import { useRefreshAt } from './refresh-at.ts';

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
  const last = snapshot.runs.findLast(({ serial }) => serial !== undefined);
  if (run === undefined && last?.status === 'suspended') return <Resting snapshot={snapshot} run={last} />;
  if (run === undefined) return <p className="status">{ending(last)}</p>;
  switch (run.status) {
    case 'queued':
      return <p className="status busy">Waiting for the assistant</p>;
    case 'cancelling':
      return <p className="status busy">Stopping</p>;
    default:
      return <Working health={health} rate={rate} shown={shownOf(snapshot, run)} />;
  }
}

interface WorkingProps {
  readonly health: RunHealth | undefined;
  readonly rate: number;
  /** What the answer itself tells of it. */
  readonly shown: AgentState | undefined;
}

function Working({ health, rate, shown }: WorkingProps) {
  const state = shown ?? health?.state;
  const isWriting = state === undefined || state.doing === 'streaming';
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
          {doing(state)}{' '}
          <span className="figure">{isWriting && rate > 0 && `${rate} characters a second`}</span>
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
      return WAITS[state.for];
    case 'queued':
      return 'Assistant waits for the model';
    default:
      return 'Assistant is writing';
  }
}

const WAITS = {
  approval: 'Assistant waits for somebody to approve',
  'client-tool': 'Assistant waits for a device',
  person: 'Assistant waits until somebody looks',
  agent: 'Assistant waits for another agent',
} as const;

/** The end of an answer says more of what its agent is doing than that it grows. */
function shownOf({ messages }: SessionSnapshot, { output }: Run): AgentState | undefined {
  const part = messages.find(({ id }) => id === output)?.parts.at(-1);
  if (part?.type === 'reasoning' && part.state === 'streaming') return { doing: 'thinking' };
  const isCalling = part?.type === 'tool' && (part.state === 'proposed' || part.state === 'running');
  return isCalling && part.device === undefined ? { doing: 'calling', tool: part.name } : undefined;
}

/** What a run that holds no process waits for. */
function Resting({ snapshot, run }: { readonly snapshot: SessionSnapshot; readonly run: Run }) {
  const calls = snapshot.messages.find(({ id }) => id === run.output)?.parts ?? [];
  const asked = calls.findLast((part) => part.type === 'tool' && part.state === 'asked');
  const { name, approval } = asked?.type === 'tool' ? asked : {};
  useRefreshAt(approval?.until);
  const isOver = (approval?.until ?? Infinity) < Date.now();
  const who = isOver ? `Nobody approved “${name}” in time` : `Somebody has to approve “${name}”`;
  return <p className="status waiting">{name === undefined ? 'The assistant waits for a device' : who}.</p>;
}

function ending(run: Run | undefined): string {
  switch (run?.status) {
    case 'cancelled':
      return 'The last answer was stopped.';
    case 'error':
      return `The last answer failed${run.reason === undefined ? '' : `: ${run.reason}`}.`;
    case 'lost':
      return `The assistant went away in mid-answer${run.reason === undefined ? '' : `: ${run.reason}`}.`;
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
