import { getToolOrDynamicToolName, type DynamicToolUIPart, type ToolUIPart } from 'ai';

const WORDS: Record<ToolUIPart['state'], string> = {
  'input-streaming': 'preparing',
  'input-available': 'running',
  'approval-requested': 'waits for approval',
  'approval-responded': 'answered',
  'output-available': 'done',
  'output-error': 'failed',
  'output-denied': 'denied',
};

/** One tool call: what was asked of it, how far it is, what it gave. */
export function ToolCard({ part }: { readonly part: ToolUIPart | DynamicToolUIPart }) {
  return (
    <section className="tool" data-state={part.state} data-tool={getToolOrDynamicToolName(part)}>
      <h3>
        {getToolOrDynamicToolName(part)} <span>{WORDS[part.state]}</span>
      </h3>
      <Fields value={part.input} />
      {part.state === 'output-available' && <Fields value={part.output} />}
      {part.state === 'output-error' && <p>{part.errorText}</p>}
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
