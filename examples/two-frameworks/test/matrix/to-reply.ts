import type { ProviderEvent, Reply } from '@holdfast/testing/model-provider';
import type { AgentFramework, Turn } from './frameworks.ts';

/** A turn as a provider's server gives it: where it goes no further, nothing of it has been closed. */
export function toReply(framework: AgentFramework, turn: Turn): Reply {
  const end = turn.findIndex((each) => each instanceof Error || each instanceof Promise);
  const stop = turn[end];
  const events = (stop === undefined ? turn : turn.slice(0, end)) as readonly ProviderEvent[];
  if (stop === undefined) return events;
  const open = events.filter(({ type }) => !CLOSING.has(type));
  if (!(stop instanceof Error)) return { hangsAfter: open };
  const { message } = stop;
  const failure =
    framework === 'openai' ? { code: null, message, param: null } : { error: { type: 'api_error', message } };
  return [...open, { type: 'error', ...failure }];
}

const CLOSING: ReadonlySet<string> = new Set([
  'response.output_text.done',
  'response.content_part.done',
  'response.output_item.done',
  'response.completed',
  'content_block_stop',
  'message_delta',
  'message_stop',
]);
