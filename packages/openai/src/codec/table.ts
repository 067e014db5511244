import type { ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';

type ItemType = ResponseOutputItem['type'];

/** What an event type does to the response that it is about. */
export type Rule =
  /** A response begins; or it is given whole, as it is now. */
  | { readonly does: 'begin' | 'replace' }
  /** An item comes to the output; or it is given whole, and is done. */
  | { readonly does: 'add' | 'finish' }
  /** A part comes to a list of its item; or it is given whole. */
  | { readonly does: 'add-part' | 'finish-part'; readonly list: 'content' | 'summary' }
  | { readonly does: 'annotate' }
  /** A string grows, or is given whole: a field of an item, or of a part in one of its lists. */
  | { readonly does: 'grow' | 'put'; readonly text: Text; readonly from: string }
  /** The command of a shell, or what came of it: it grows, or is given whole. */
  | { readonly does: 'command' | 'shell-output'; readonly how: 'add' | 'grow' | 'put' }
  | { readonly does: 'status'; readonly item: ItemType; readonly status: string }
  /** It changes no response: it travels as it is. */
  | { readonly does: 'pass' }
  /** As `pass`, for who looks on now: it is not stored. */
  | { readonly does: 'signal' };

/** Where a string lies that events let grow. */
export interface Text {
  readonly item: ItemType;
  readonly list?: 'content' | 'summary';
  /** The type of the part. */
  readonly part?: string;
  readonly field: string;
}

const TEXTS = {
  text: { item: 'message', list: 'content', part: 'output_text', field: 'text' },
  refusal: { item: 'message', list: 'content', part: 'refusal', field: 'refusal' },
  thought: { item: 'reasoning', list: 'content', part: 'reasoning_text', field: 'text' },
  summary: { item: 'reasoning', list: 'summary', field: 'text' },
  call: { item: 'function_call', field: 'arguments' },
  custom: { item: 'custom_tool_call', field: 'input' },
  mcp: { item: 'mcp_call', field: 'arguments' },
  code: { item: 'code_interpreter_call', field: 'code' },
} as const satisfies Record<string, Text>;

const grow = (of: keyof typeof TEXTS): Rule => ({ does: 'grow', text: TEXTS[of], from: 'delta' });
const put = (of: keyof typeof TEXTS, from: string): Rule => ({ does: 'put', text: TEXTS[of], from });
const status = (item: ItemType, to: string): Rule => ({ does: 'status', item, status: to });
const PASS: Rule = { does: 'pass' };
const REPLACE: Rule = { does: 'replace' };

/** Every event type that the SDK knows; one that a later version adds is a type error here, and travels until then. */
export const EVENTS = {
  'response.created': { does: 'begin' },
  'response.queued': REPLACE,
  'response.in_progress': REPLACE,
  'response.completed': REPLACE,
  'response.failed': REPLACE,
  'response.incomplete': REPLACE,
  'response.output_item.added': { does: 'add' },
  'response.output_item.done': { does: 'finish' },
  'response.content_part.added': { does: 'add-part', list: 'content' },
  'response.content_part.done': { does: 'finish-part', list: 'content' },
  'response.output_text.delta': grow('text'),
  'response.output_text.done': put('text', 'text'),
  'response.output_text.annotation.added': { does: 'annotate' },
  'response.refusal.delta': grow('refusal'),
  'response.refusal.done': put('refusal', 'refusal'),
  'response.reasoning_text.delta': grow('thought'),
  'response.reasoning_text.done': put('thought', 'text'),
  'response.reasoning_summary_part.added': { does: 'add-part', list: 'summary' },
  'response.reasoning_summary_part.done': { does: 'finish-part', list: 'summary' },
  'response.reasoning_summary_text.delta': grow('summary'),
  'response.reasoning_summary_text.done': put('summary', 'text'),
  'response.function_call_arguments.delta': grow('call'),
  'response.function_call_arguments.done': put('call', 'arguments'),
  'response.custom_tool_call_input.delta': grow('custom'),
  'response.custom_tool_call_input.done': put('custom', 'input'),
  'response.mcp_call_arguments.delta': grow('mcp'),
  'response.mcp_call_arguments.done': put('mcp', 'arguments'),
  'response.mcp_call.in_progress': status('mcp_call', 'in_progress'),
  'response.mcp_call.completed': status('mcp_call', 'completed'),
  'response.mcp_call.failed': status('mcp_call', 'failed'),
  'response.shell_call_command.added': { does: 'command', how: 'add' },
  'response.shell_call_command.delta': { does: 'command', how: 'grow' },
  'response.shell_call_command.done': { does: 'command', how: 'put' },
  'response.shell_call_output_content.delta': { does: 'shell-output', how: 'grow' },
  'response.shell_call_output_content.done': { does: 'shell-output', how: 'put' },
  'response.compaction.compacting': PASS,
  'response.mcp_list_tools.in_progress': PASS,
  'response.mcp_list_tools.completed': PASS,
  'response.mcp_list_tools.failed': PASS,
  'response.code_interpreter_call_code.delta': grow('code'),
  'response.code_interpreter_call_code.done': put('code', 'code'),
  'response.code_interpreter_call.in_progress': status('code_interpreter_call', 'in_progress'),
  'response.code_interpreter_call.interpreting': status('code_interpreter_call', 'interpreting'),
  'response.code_interpreter_call.completed': status('code_interpreter_call', 'completed'),
  'response.file_search_call.in_progress': status('file_search_call', 'in_progress'),
  'response.file_search_call.searching': status('file_search_call', 'searching'),
  'response.file_search_call.completed': status('file_search_call', 'completed'),
  'response.web_search_call.in_progress': status('web_search_call', 'in_progress'),
  'response.web_search_call.searching': status('web_search_call', 'searching'),
  'response.web_search_call.completed': status('web_search_call', 'completed'),
  'response.image_generation_call.in_progress': status('image_generation_call', 'in_progress'),
  'response.image_generation_call.generating': status('image_generation_call', 'generating'),
  'response.image_generation_call.completed': status('image_generation_call', 'completed'),
  'response.image_generation_call.partial_image': { does: 'signal' },
  'response.audio.delta': PASS,
  'response.audio.done': PASS,
  'response.audio.transcript.delta': PASS,
  'response.audio.transcript.done': PASS,
  error: PASS,
} as const satisfies Record<ResponseStreamEvent['type'], Rule>;

/** What an event type does; undefined for one that this version doesn't know. */
export function ruleOf(type: string): Rule | undefined {
  return Object.hasOwn(EVENTS, type) ? EVENTS[type as keyof typeof EVENTS] : undefined;
}

/** The event types that say that an item of some type has some status. */
export function statusEvent(item: string, to: string): string | undefined {
  return Object.keys(EVENTS).find((type) => {
    const rule = ruleOf(type);
    return rule?.does === 'status' && rule.item === item && rule.status === to;
  });
}

/** The event types by which a text grows and is done, and the field that then has it whole. */
export function textEvents({
  item,
  list,
  part,
}: Omit<Text, 'field'>): { grow: string; put: string; from: string } | undefined {
  const found = (does: 'grow' | 'put') =>
    Object.keys(EVENTS).flatMap((type) => {
      const rule = ruleOf(type);
      if (rule?.does !== does) return [];
      const { text } = rule;
      return text.item === item && text.list === list && text.part === part
        ? [{ type, from: rule.from }]
        : [];
    })[0];
  const [growth, whole] = [found('grow'), found('put')];
  return growth && whole && { grow: growth.type, put: whole.type, from: whole.from };
}
