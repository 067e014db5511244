import { isEnded, type Session } from '@holdfast/core';
import { runTree, type RunNode } from '@holdfast/core/agents';
import { useSyncExternalStore } from 'react';
import { Answer } from './answer.tsx';
import { AgentCard } from './agent-card.tsx';
import { Composer } from './composer.tsx';
import type { Connected } from './connect.ts';

export function App({ session, health }: Connected) {
  const tree = useRunTree(session);
  const { status } = useSyncExternalStore(session.subscribe, () => session.snapshot);
  const current = tree.at(-1);
  const isBusy = current !== undefined && countOpen(current) > 0;
  return (
    <div className="page">
      <main>
        <header>
          <span className="mark" aria-hidden="true" />
          <div>
            <h1>Research</h1>
            <p>
              session <code>{session.name}</code> · {status === 'live' ? 'online' : status}
            </p>
          </div>
        </header>
        <section className="conversation" aria-label="Conversation">
          {tree.length === 0 && (
            <div className="empty">
              <h2>One question, several agents</h2>
              <p>
                Ask “Why are there tides?”. The lead asks three others at once; each writes into the session
                itself, and any of them can be stopped from any device.
              </p>
            </div>
          )}
          {tree.map((node) => (
            <article key={node.run.id} className="turn" data-status={node.run.status}>
              <p className="question">{textOf(node)}</p>
              <Answer session={session} answer={node.answer} isOpen={!isEnded(node.run.status)} />
            </article>
          ))}
        </section>
        <footer>
          <Composer
            isBusy={isBusy}
            onSend={(text) => void session.send({ parts: [{ type: 'text', text, state: 'done' }] })}
          />
        </footer>
      </main>
      <aside aria-label="Who does what">
        <div className="bar">
          <h2>Who does what</h2>
          <button
            type="button"
            className="stop"
            disabled={!isBusy}
            onClick={() => current && stop(session, current.run.id)}
          >
            Stop all
          </button>
        </div>
        {current === undefined ? (
          <p className="hint">Nobody has anything to do yet.</p>
        ) : (
          <AgentCard session={session} health={health} node={current} onStop={(run) => stop(session, run)} />
        )}
      </aside>
    </div>
  );
}

/** Every run with what it delegated, as it stands now. */
function useRunTree(session: Session): readonly RunNode[] {
  return useSyncExternalStore(session.subscribe, () => runTree(session));
}

function stop(session: Session, run: RunNode['run']['id']): void {
  session.cancel(run).catch((error: unknown) => console.error(error));
}

function countOpen({ run, subRuns }: RunNode): number {
  return subRuns.reduce((sum, each) => sum + countOpen(each), isEnded(run.status) ? 0 : 1);
}

function textOf({ question }: RunNode): string {
  return question?.parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('') ?? '';
}
