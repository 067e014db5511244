import { getToolOrDynamicToolName, type DynamicToolUIPart, type ToolUIPart } from 'ai';
import { ApprovalButtons } from './approval-buttons.tsx';

const WORDS: Record<ToolUIPart['state'], string> = {
  'input-streaming': 'preparing',
  'input-available': 'running',
  'approval-requested': 'needs approval',
  'approval-responded': 'answered',
  'output-available': 'done',
  'output-error': 'failed',
  'output-denied': 'denied',
};

interface ToolCardProps {
  readonly part: ToolUIPart | DynamicToolUIPart;
  readonly message: string;
}

/** One tool call: what was asked of it, how far it is, what it gave. */
export function ToolCard({ part, message }: ToolCardProps) {
  return (
    <section className="tool" data-state={part.state} data-tool={getToolOrDynamicToolName(part)}>
      <h3>
        {getToolOrDynamicToolName(part)} <span>{WORDS[part.state]}</span>
      </h3>
      <Fields value={part.input} />
      {part.approval !== undefined && <ApprovalButtons message={message} callId={part.toolCallId} />}
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
