import type { ContentMessage, Part, ToolPart } from '@holdfast/codec';
import type { UIMessage as ChatMessage } from '@tanstack/ai-client';
import { getToolOrDynamicToolName, isToolUIPart, type UIMessage } from 'ai';

// What a reader shows of an answer, a line for each thing, in words that all frameworks have in common: so that what two of
// them show can be compared. How an answer is divided into messages, steps and parts is not a thing.

/** Of the AI SDK's messages. */
export function linesOfUIMessages(messages: readonly UIMessage[]): readonly string[] {
  return joined(
    messages.flatMap(({ parts, metadata }) => [
      ...parts.flatMap(lineOfUIPart),
      ...lineOf('metadata', metadata),
    ]),
  );
}

function lineOfUIPart(part: UIMessage['parts'][number]): readonly string[] {
  if (isToolUIPart(part)) {
    const { input, state } = part;
    return [
      ...lineOf(`call ${getToolOrDynamicToolName(part)}`, input),
      ...(state === 'approval-requested' ? ['asks for approval'] : []),
      ...(part.approval?.approved === undefined ? [] : [part.approval.approved ? 'approved' : 'denied']),
      ...(state === 'output-available' ? lineOf('result', part.output) : []),
      ...(state === 'output-error' ? [`failed: ${part.errorText}`] : []),
    ];
  }
  switch (part.type) {
    case 'text':
      return [`text: ${part.text}`, ...lineOf('citations', 'citations' in part ? part.citations : undefined)];
    case 'reasoning':
      return [`reasoning: ${part.text}`, ...lineOf('provider', part.providerMetadata)];
    case 'file':
      return [`file ${part.mediaType} ${part.url}`];
    case 'source-url':
      return [`source ${part.url} ${part.title}`];
    case 'source-document':
      return [`document ${part.mediaType} ${part.title}`];
    case 'custom':
      return [`custom ${part.kind}`];
    case 'step-start':
      return [];
    default:
      return 'data' in part
        ? lineOf(`data ${part.type.slice('data-'.length)}`, part.data)
        : lineOf('part', part);
  }
}

/** Of TanStack AI's messages, and of the custom events that its chat was told of. */
export function linesOfChatMessages(messages: readonly ChatMessage[]): readonly string[] {
  return joined(
    messages.flatMap(({ parts, metadata }) => [
      ...parts.flatMap((part) => lineOfChatPart(part)),
      ...lineOf('metadata', metadata),
    ]),
  );
}

function lineOfChatPart(part: ChatMessage['parts'][number]): readonly string[] {
  switch (part.type) {
    case 'text':
      return [`text: ${part.content}`];
    case 'thinking':
      return [`reasoning: ${part.content}`, ...lineOf('signature', Reflect.get(part, 'signature'))];
    case 'tool-call':
      return [
        ...lineOf(`call ${part.name}`, part.input ?? JSON.parse(part.arguments)),
        ...(part.state === 'approval-requested' ? ['asks for approval'] : []),
        ...(part.approval?.approved === undefined ? [] : [part.approval.approved ? 'approved' : 'denied']),
        ...(part.state === 'complete' ? lineOf('result', part.output) : []),
        ...(part.state === 'error' ? [`failed: ${errorOf(part.output)}`] : []),
      ];
    case 'tool-result':
      return [];
    case 'structured-output':
      return lineOf('structured', part.data ?? part.partial);
    case 'image':
    case 'audio':
    case 'video':
    case 'document': {
      const { type, value, mimeType = '' } = part.source;
      return [`file ${mimeType} ${type === 'data' ? `data:${mimeType};base64,${value}` : value}`];
    }
    default:
      return lineOf('part', part);
  }
}

function errorOf(output: unknown): string {
  return typeof output === 'object' && output !== null && 'error' in output
    ? String(output.error)
    : String(output);
}

/** Of a message of the session itself, which has everything. */
export function linesOfContent({
  parts,
  metadata,
}: Pick<ContentMessage, 'parts' | 'metadata'>): readonly string[] {
  return joined([...parts.flatMap(lineOfPart), ...lineOf('metadata', metadata)]);
}

function lineOfPart(part: Part): readonly string[] {
  switch (part.type) {
    case 'text':
      return part.as === 'json'
        ? lineOf('structured', JSON.parse(part.text))
        : [`text: ${part.text}`, ...lineOf('citations', part.citations)];
    case 'reasoning':
      return [
        `reasoning: ${part.text}`,
        ...lineOf('provider', part.pm),
        ...lineOf('signature', ownOf(part)['signature']),
      ];
    case 'tool':
      return lineOfCall(part);
    case 'source':
      return [`source ${part.url} ${part.title}`];
    case 'document':
      return [`document ${part.mime} ${part.title}`];
    case 'file':
      return [`file ${part.mime} ${part.url}`];
    case 'data':
      return lineOf(`data ${part.name}`, part.data);
    case 'custom':
      return [`custom ${part.kind}`];
    case 'raw':
      return lineOfRaw(part.of, part.chunk);
    case 'steering':
    case 'step':
    case 'error':
      return [];
  }
}

function lineOfCall({ name, input, state, output, error, approval }: ToolPart): readonly string[] {
  return [
    ...lineOf(`call ${name}`, input),
    ...(state === 'asked' ? ['asks for approval'] : []),
    ...(approval?.ok === undefined ? [] : [approval.ok ? 'approved' : 'denied']),
    ...(state === 'result' ? lineOf('result', output) : []),
    ...(state === 'error' ? [`failed: ${error}`] : []),
  ];
}

/** They only say where the next events belong. */
const HINTS: ReadonlySet<unknown> = new Set(['STEP_STARTED', 'structured-output.start']);

/** What only one framework knows is there as it came: a part, an event, or a chunk. */
function lineOfRaw(of: string | undefined, chunk: unknown): readonly string[] {
  if (of === 'tanstack-ai/part') return lineOf('part', Reflect.get(Object(chunk), 'part'));
  if (HINTS.has(Reflect.get(Object(chunk), 'type')) || HINTS.has(Reflect.get(Object(chunk), 'name')))
    return [];
  if (of === 'tanstack-ai/message') return lineOf('metadata', Reflect.get(Object(chunk), 'metadata'));
  // A failure of the run is told as that.
  if (Reflect.get(Object(chunk), 'type') === 'error') return [];
  return of !== undefined && EVENTS.has(of) ? lineOf('event', chunk) : [];
}

/** Where events and chunks travel as they are. */
const EVENTS: ReadonlySet<string> = new Set(['ai-sdk', 'tanstack-ai', 'openai', 'anthropic']);

function ownOf({ x }: Part): Readonly<Record<string, unknown>> {
  return Object(x?.['tanstack-ai']) as Readonly<Record<string, unknown>>;
}

function lineOf(what: string, value: unknown): readonly string[] {
  return value === undefined ? [] : [`${what} ${JSON.stringify(value)}`];
}

const TEXT = 'text: ';

/** Texts that follow each other are one: where one part ends shows nowhere. */
function joined(lines: readonly string[]): readonly string[] {
  return lines.reduce<readonly string[]>((before, line) => {
    const last = before.at(-1);
    return last?.startsWith(TEXT) === true && line.startsWith(TEXT)
      ? [...before.slice(0, -1), last + line.slice(TEXT.length)]
      : [...before, line];
  }, []);
}
