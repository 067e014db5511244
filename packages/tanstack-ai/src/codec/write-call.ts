import { isObject, parseInput, type JsonObject, type ToolPart } from '@holdfast/codec';
import type { AnyEvent } from './any-event.ts';
import type { AnswerLog } from './answer-log.ts';
import { isSame } from './is-same.ts';
import type { ShownPart } from './shown-message.ts';
import { toX, type PartWriting } from './part-writing.ts';

const STREAMING: ReadonlySet<unknown> = new Set(['awaiting-input', 'input-streaming']);

/** A call with what became of it, as far as the log doesn't say so. */
export function writeCall(
  { log, event, place }: PartWriting,
  part: JsonObject,
  shown: ShownPart | undefined,
): void {
  const { id, name, arguments: text, state, input, approval, metadata } = part;
  if (typeof id !== 'string' || typeof text !== 'string') return;
  const neutral = (): ToolPart | undefined => findNeutral(log, shown, id);
  if (shown === undefined) {
    const isProvider = isObject(metadata) && metadata['providerExecuted'] === true;
    const fields = toX(place, metadata === undefined ? {} : { metadata });
    log.open('input', { id, name: name ?? '', ...(isProvider && { by: true }), ...fields });
  }
  const { n, inputText = '', state: before } = neutral() ?? {};
  if (before === 'input' && n !== undefined) {
    const more = text.startsWith(inputText) ? text.slice(inputText.length) : '';
    const isOpen = STREAMING.has(state);
    const whole = isOpen ? more.replace(/[\ud800-\udbff]$/u, '') : more;
    if (whole !== '') log.text(n, whole);
    if (!isOpen) {
      // No arguments at all mean an empty input to everybody else.
      const said = input ?? (text === '' ? {} : parseInput(text));
      const isStreamed = text !== '' && isSame(parseInput(text), said);
      log.control('call', id, { n, ...(!isStreamed && said !== undefined && { input: said }) });
    }
  }
  if (isObject(approval) && typeof approval['id'] === 'string' && approval['id'] !== neutral()?.approval?.id)
    log.control('ask', approval['id'], { tool: id, ...describe(event, approval['id']) });
  if ('output' in part && !isSame(part['output'], shown?.ui['output'])) writeResult(log, id, part);
  else if (state === 'error' && shown?.ui['state'] !== 'error') writeResult(log, id, part);
}

function writeResult(log: AnswerLog, id: string, { state, output = null }: JsonObject): void {
  if (state !== 'error') return log.control('result', id, { output });
  const said = isObject(output) && typeof output['error'] === 'string' ? output['error'] : undefined;
  const error = said ?? (typeof output === 'string' ? output : 'Tool execution failed');
  log.control('result', id, { error });
}

/** What the framework says about an approval that it asks for. */
function describe({ outcome }: AnyEvent, id: string): JsonObject {
  const interrupts = isObject(outcome) && Array.isArray(outcome['interrupts']) ? outcome['interrupts'] : [];
  const found: unknown = interrupts.find((each) => isObject(each) && each['id'] === id);
  if (!isObject(found)) return {};
  const { message, expiresAt } = found;
  const until = typeof expiresAt === 'string' ? Date.parse(expiresAt) : Number.NaN;
  return {
    ...(typeof message === 'string' && { reason: message }),
    ...(!Number.isNaN(until) && { until }),
  };
}

function findNeutral({ content }: AnswerLog, shown: ShownPart | undefined, id: string): ToolPart | undefined {
  const isCall = (part: { readonly type: string }): part is ToolPart =>
    part.type === 'tool' && 'callId' in part && part.callId === id;
  const of = shown?.of;
  return (
    (content.parts.find((part) => isCall(part) && part.n !== undefined && part.n === of?.n) as
      ToolPart | undefined) ?? content.parts.findLast(isCall)
  );
}
