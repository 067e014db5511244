import type { ToolCallPart } from '@tanstack/ai-client';

const WORDS: Record<ToolCallPart['state'], string> = {
  'awaiting-input': 'preparing',
  'input-streaming': 'preparing',
  'input-complete': 'running',
  'approval-requested': 'waits for approval',
  'approval-responded': 'answered',
  complete: 'done',
  error: 'failed',
};

/** One tool call: what was asked of it, how far it is, what it gave. */
export function ToolCard({ part: { name, state, input, output } }: { readonly part: ToolCallPart }) {
  return (
    <section className="tool" data-state={state} data-tool={name}>
      <h3>
        {name} <span>{WORDS[state]}</span>
      </h3>
      <Fields value={input} />
      {(state === 'complete' || state === 'error') && <Fields value={output} />}
    </section>
  );
}

function Fields({ value }: { readonly value: unknown }) {
  if (typeof value !== 'object' || value === null) return null;
  return (
    <dl>
      {Object.entries(value).map(([name, field]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof field === 'string' ? field : JSON.stringify(field)}</dd>
        </div>
      ))}
    </dl>
  );
}
