import { compact, isObject, type JsonObject, type JsonValue, type Path } from '@holdfast/codec';
import type { Shown } from '@holdfast/codec/documents';
import type { ResponseOutputItem } from 'openai/resources/responses/responses';
import { PROVIDER } from './any-event.ts';
import { isOver, itemsOf, objectsOf, type ResponseDocument } from './response-document.ts';

interface Item {
  readonly item: JsonObject;
  readonly at: Path;
  readonly isDone: boolean;
}

/** What everybody is shown of a response. */
export function describe(document: ResponseDocument): readonly Shown[] {
  const isEnded = isOver(document);
  return itemsOf(document).flatMap((item, index) => {
    const { type } = item;
    const show = typeof type === 'string' && Object.hasOwn(ITEMS, type) ? ITEMS[type as ItemType] : undefined;
    const isDone = isEnded || document.done.includes(index);
    return show?.({ item, at: ['response', 'output', index], isDone }) ?? [];
  });
}

/** How a response came to its end, as controls say it. */
export function describeEnd({ response }: ResponseDocument): readonly Shown[] {
  const { error, usage } = response;
  const said = isObject(usage) ? { usage: toUsage(usage) } : {};
  const finish: Shown = { is: 'control', verb: 'finish', subject: reasonOf(response), fields: said };
  const message = isObject(error) ? text(error, 'message') : '';
  return message === '' ? [finish] : [{ is: 'control', verb: 'error', subject: message }, finish];
}

function reasonOf({ status, incomplete_details: details, output }: JsonObject): string {
  if (status === 'failed') return 'error';
  if (status === 'incomplete' && isObject(details)) {
    if (details['reason'] === 'max_output_tokens') return 'length';
    if (details['reason'] === 'content_filter') return 'content-filter';
  }
  if (status !== 'completed') return 'other';
  return objectsOf(output).some(({ type }) => OWN_CALLS.has(type)) ? 'tool-calls' : 'stop';
}

function toUsage({ input_tokens, output_tokens, total_tokens }: JsonObject): JsonObject {
  return compact<JsonObject>({
    promptTokens: input_tokens,
    completionTokens: output_tokens,
    totalTokens: total_tokens,
  });
}

type ItemType = ResponseOutputItem['type'];
type Show = (of: Item) => readonly Shown[];

const nothing: Show = () => [];

/** Every item type that the SDK knows. What is not shown is kept all the same. */
const ITEMS: Readonly<Record<ItemType, Show>> = {
  message: showMessage,
  reasoning: showReasoning,
  function_call: ownCall('arguments'),
  custom_tool_call: ownCall('input', { as: 'text' }),
  computer_call: (of) => ownCall('action' in of.item ? 'action' : 'actions', { name: 'computer' })(of),
  local_shell_call: ownCall('action', { name: 'local_shell' }),
  shell_call: (of) => ownCall('action', { name: 'shell', ...(isHosted(of.item) && { by: PROVIDER }) })(of),
  shell_call_output: resultOf,
  apply_patch_call: ownCall('operation', { name: 'apply_patch' }),
  apply_patch_call_output: resultOf,
  mcp_call: showMcpCall,
  mcp_approval_request: showMcpApproval,
  web_search_call: serverCall('web_search', 'action'),
  file_search_call: serverCall('file_search', 'queries', 'results'),
  code_interpreter_call: serverCall('code_interpreter', 'code', 'outputs', 'text'),
  image_generation_call: serverCall('image_generation', undefined, 'result'),
  function_call_output: resultOf,
  custom_tool_call_output: resultOf,
  computer_call_output: resultOf,
  local_shell_call_output: nothing,
  mcp_list_tools: nothing,
  mcp_approval_response: nothing,
  tool_search_call: nothing,
  tool_search_output: nothing,
  additional_tools: nothing,
  compaction: nothing,
  program: nothing,
  program_output: nothing,
};

/** Calls for which the model waits until the application has run them. */
export const OWN_CALLS: ReadonlySet<JsonValue | undefined> = new Set<ItemType>([
  'function_call',
  'custom_tool_call',
  'computer_call',
  'local_shell_call',
  'shell_call',
  'apply_patch_call',
]);

function showMessage({ item, at, isDone }: Item): readonly Shown[] {
  return objectsOf(item['content']).flatMap((part, index): readonly Shown[] => {
    const here = [...at, 'content', index];
    if (part['type'] === 'refusal') return [{ is: 'text', at: [...here, 'refusal'], isDone }];
    if (part['type'] !== 'output_text') return [];
    const cited = objectsOf(part['annotations']).flatMap((annotation, n) =>
      showCitation(annotation, `${text(item, 'id')}/${index}/${n}`),
    );
    return [{ is: 'text', at: [...here, 'text'], isDone }, ...cited];
  });
}

function showCitation(annotation: JsonObject, id: string): readonly Shown[] {
  if (annotation['type'] === 'url_citation') {
    const fields = { url: text(annotation, 'url'), title: text(annotation, 'title') };
    return [{ is: 'part', kind: 'source', id, fields }];
  }
  const filename = text(annotation, 'filename');
  if (filename === '') return [];
  const fields = { mime: 'application/octet-stream', title: filename, filename };
  return [{ is: 'part', kind: 'document', id, fields }];
}

function showReasoning({ item, at, isDone }: Item): readonly Shown[] {
  return ['summary', 'content'].flatMap((list) =>
    objectsOf(item[list]).map((_part, index): Shown => ({
      is: 'reasoning',
      at: [...at, list, index, 'text'],
      isDone,
    })),
  );
}

interface CallOptions {
  readonly name?: string;
  readonly as?: 'text';
  readonly by?: string;
}

function ownCall(field: string, { name, ...options }: CallOptions = {}): Show {
  return ({ item, at, isDone }) => {
    const id = text(item, 'call_id');
    if (id === '') return [];
    return [{ is: 'call', id, name: name ?? text(item, 'name'), at: [...at, field], isDone, ...options }];
  };
}

function resultOf({ item, at, isDone }: Item): readonly Shown[] {
  return isDone ? [{ is: 'result', id: text(item, 'call_id'), at: [...at, 'output'] }] : [];
}

/** A call that the provider runs: its input and its output lie in these fields. */
function serverCall(name: string, input: string | undefined, output?: string, as?: 'text'): Show {
  return ({ item, at, isDone }) => {
    const id = text(item, 'id');
    if (id === '') return [];
    const { status } = item;
    const call: Shown = {
      is: 'call',
      id,
      name,
      by: PROVIDER,
      at: [...at, input ?? ''],
      isDone,
      ...(as !== undefined && { as }),
      ...((input === undefined || (item[input] ?? null) === null) && { input: {} }),
    };
    if (!isDone) return [call];
    if (status === 'failed') return [call, { is: 'failure', id, error: FAILED }];
    const has = output !== undefined && (item[output] ?? null) !== null;
    return [
      call,
      has
        ? { is: 'result', id, at: [...at, output] }
        : { is: 'result', id, output: { status: status ?? null } },
    ];
  };
}

function showMcpCall({ item, at, isDone }: Item): readonly Shown[] {
  const id = text(item, 'id');
  const name = text(item, 'name');
  if (id === '') return [];
  const call: Shown = { is: 'call', id, name, by: PROVIDER, at: [...at, 'arguments'], isDone };
  if (!isDone) return [call];
  const { error = null } = item;
  if (error !== null || item['status'] === 'failed')
    return [call, { is: 'failure', id, error: typeof error === 'string' ? error : FAILED }];
  return [call, { is: 'result', id, at: [...at, 'output'] }];
}

/** A call to a remote server that somebody has to agree to first. */
function showMcpApproval({ item, at, isDone }: Item): readonly Shown[] {
  const id = text(item, 'id');
  if (id === '') return [];
  const name = text(item, 'name');
  const call: Shown = { is: 'call', id, name, by: PROVIDER, at: [...at, 'arguments'], isDone };
  return isDone ? [call, { is: 'ask', id, call: id }] : [call];
}

const FAILED = 'The call failed.';

/** Whether a shell's commands run in a container of the provider's. */
function isHosted({ environment }: JsonObject): boolean {
  return isObject(environment) && environment['type'] === 'container_reference';
}

function text(of: JsonObject, field: string): string {
  const value = of[field];
  return typeof value === 'string' ? value : '';
}
