import { isEnded, type HealthWatch, type RunHealth, type Session } from '@holdfast/core';
import type { RunNode } from '@holdfast/core/agents';
import { memo, useSyncExternalStore } from 'react';
import { Answer } from './answer.tsx';

interface AgentCardProps {
  readonly session: Session;
  readonly health: HealthWatch;
  readonly node: RunNode;
  readonly onStop: (run: RunNode['run']['id']) => void;
}

/** One agent's work, and below it what that agent gave to others. */
export const AgentCard = memo(function AgentCard({ session, health, node, onStop }: AgentCardProps) {
  const { run, name, agent = 'nobody yet', depth, question, subRuns } = node;
  const state = useSyncExternalStore(health.subscribe, () => health.of(run.id));
  const isOpen = !isEnded(run.status);
  return (
    <section className="agent" data-agent={agent} data-name={name} data-status={run.status} aria-label={name}>
      <div className="head">
        <span className={`dot ${toneOf(node, state)}`} aria-hidden="true" />
        <h3>{depth === 0 ? 'Lead' : name}</h3>
        <span className="by">{agent}</span>
        <span className="doing">{doing(node, state)}</span>
        {isOpen && (
          <button
            type="button"
            onClick={() => onStop(run.id)}
            aria-label={`Stop ${depth === 0 ? 'lead' : name}`}
          >
            Stop
          </button>
        )}
      </div>
      {depth > 0 && <p className="task">{textOf(question)}</p>}
      {depth > 0 && <Answer session={session} answer={node.answer} isOpen={isOpen} />}
      {subRuns.length > 0 && (
        <div className="below">
          {subRuns.map((each) => (
            <AgentCard key={each.run.id} session={session} health={health} node={each} onStop={onStop} />
          ))}
        </div>
      )}
    </section>
  );
});

function textOf(message: RunNode['question']): string {
  return message?.parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('') ?? '';
}

function toneOf({ run }: RunNode, state: RunHealth | undefined): string {
  if (run.status === 'complete') return 'done';
  if (isEnded(run.status) || state?.health === 'lost') return 'bad';
  return run.status === 'queued' || run.status === 'suspended' ? 'idle' : 'busy';
}

function doing({ run }: RunNode, health: RunHealth | undefined): string {
  switch (run.status) {
    case 'queued':
      return 'waiting for an agent';
    case 'suspended':
      return 'waiting for somebody';
    case 'cancelling':
      return 'stopping';
    case 'cancelled':
      return 'stopped';
    case 'complete':
      return 'done';
    case 'error':
      return run.reason ?? 'failed';
    case 'lost':
      return 'gone';
    case 'active':
      return working(health);
  }
}

function working(health: RunHealth | undefined): string {
  if (health?.health === 'lost') return 'not heard of, another one takes over';
  const { state } = health ?? {};
  switch (state?.doing) {
    case 'thinking':
      return 'thinking';
    case 'calling':
      return `asking the ${state.tool}`;
    case 'waiting':
      return state.for === 'agent' ? 'waiting for the others' : 'waiting for somebody';
    default:
      return 'writing';
  }
}
