import { isObject, type JsonObject } from '@holdfast/codec';
import type { ResponseInputItem, ResponseOutputItem } from 'openai/resources/responses/responses';
import type { Calls } from './call-outputs.ts';
import { isJson } from './from-neutral.ts';
import { isOver, itemsOf, objectsOf, textOf, type ResponseDocument } from './response-document.ts';

/** A response as it goes back to the provider, and after it what became of its calls. */
export function toInput(document: ResponseDocument, calls: Calls): readonly ResponseInputItem[] {
  const items = itemsOf(document);
  const isDone = (index: number): boolean => isOver(document) || document.done.includes(index);
  const kept = items.flatMap((item, index) => {
    const own = toInputItem(item, isDone(index));
    return own === undefined ? [] : [own];
  });
  const said = withReasoning(kept, document);
  const answered = new Set(items.map(({ type, call_id }) => `${textOf(type)} ${textOf(call_id)}`));
  const outputs = said.flatMap((item) => {
    const output = toOutput(item, calls);
    return output === undefined || answered.has(`${textOf(output['type'])} ${textOf(output['call_id'])}`)
      ? []
      : [output];
  });
  return [...said, ...outputs] as unknown as readonly ResponseInputItem[];
}

/** An item of an output as one of an input; undefined where it can't go back. */
function toInputItem({ created_by: _by, ...item }: JsonObject, isDone: boolean): JsonObject | undefined {
  const type = item['type'];
  if (type === 'message') return toMessage(item);
  if (isDone) {
    if (type !== 'function_call') return item;
    // What the model wrote wrongly would be refused.
    return typeof item['arguments'] === 'string' && isJson(item['arguments'])
      ? item
      : { ...item, arguments: '{}' };
  }
  if (type === 'function_call') return { ...item, arguments: '{}', status: 'completed' };
  return type === 'custom_tool_call' ? item : undefined;
}

/** A message without parts that say nothing, which models refuse. */
function toMessage(item: JsonObject): JsonObject | undefined {
  const content = objectsOf(item['content']).flatMap((part) => {
    const { parsed: _parsed, ...own } = part;
    return own['text'] === '' || own['refusal'] === '' ? [] : [own];
  });
  if (content.length === 0) return undefined;
  return { ...item, content, ...(item['status'] === 'in_progress' && { status: 'incomplete' }) };
}

/**
 * Reasoning goes back only with what came of it: the provider refuses it alone. Where the provider doesn't store responses, it
 * knows no reasoning whose encrypted content it isn't given.
 */
function withReasoning(items: readonly JsonObject[], { response }: ResponseDocument): readonly JsonObject[] {
  const isStored = response['store'] !== false;
  const isThought = ({ type }: JsonObject): boolean => type === 'reasoning';
  const last = items.findLastIndex((item) => !isThought(item));
  return items.filter(
    (item, index) =>
      !isThought(item) || (index < last && (isStored || typeof item['encrypted_content'] === 'string')),
  );
}

type CallType = Extract<
  ResponseOutputItem['type'],
  | 'function_call'
  | 'custom_tool_call'
  | 'computer_call'
  | 'local_shell_call'
  | 'shell_call'
  | 'apply_patch_call'
  | 'mcp_approval_request'
>;

/** How the output of each type of call is said. */
const OUTPUTS: Readonly<
  Record<CallType, (call: JsonObject, id: string, calls: Calls) => JsonObject | undefined>
> = {
  function_call: (_call, id, calls) => ({
    type: 'function_call_output',
    call_id: id,
    output: calls.textOf(calls.outputOf(id)),
  }),
  custom_tool_call: (_call, id, calls) => ({
    type: 'custom_tool_call_output',
    call_id: id,
    output: calls.textOf(calls.outputOf(id)),
  }),
  computer_call(call, id, calls) {
    const output = calls.outputOf(id);
    const screen = 'output' in output && isObject(output.output) ? output.output : undefined;
    return {
      type: 'computer_call_output',
      call_id: id,
      output: { type: 'computer_screenshot', ...screen },
      ...(Array.isArray(call['pending_safety_checks']) && {
        acknowledged_safety_checks: call['pending_safety_checks'],
      }),
    };
  },
  local_shell_call: (_call, id, calls) => ({
    type: 'local_shell_call_output',
    id,
    call_id: id,
    output: calls.textOf(calls.outputOf(id)),
  }),
  shell_call(call, id, calls) {
    if (isObject(call['environment']) && call['environment']['type'] === 'container_reference')
      return undefined;
    const output = calls.outputOf(id);
    const chunks = 'output' in output && Array.isArray(output.output) ? output.output : undefined;
    const failed = { stdout: '', stderr: calls.textOf(output), outcome: { type: 'exit', exit_code: 1 } };
    return { type: 'shell_call_output', call_id: id, output: chunks ?? [failed] };
  },
  apply_patch_call(_call, id, calls) {
    const output = calls.outputOf(id);
    return {
      type: 'apply_patch_call_output',
      call_id: id,
      status: 'error' in output ? 'failed' : 'completed',
      output: calls.textOf(output),
    };
  },
  mcp_approval_request(call, _id, calls) {
    const id = textOf(call['id']);
    const { ok, reason } = calls.decisionOf(id);
    return {
      type: 'mcp_approval_response',
      approval_request_id: id,
      approve: ok,
      ...(reason !== undefined && { reason }),
    };
  },
};

function toOutput(call: JsonObject, calls: Calls): JsonObject | undefined {
  const { type, call_id: id } = call;
  return typeof type === 'string' && Object.hasOwn(OUTPUTS, type)
    ? OUTPUTS[type as CallType](call, textOf(id), calls)
    : undefined;
}
