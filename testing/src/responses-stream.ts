import type { ProviderEvent as Event } from './model-provider.ts';

// Streams of the Responses API, as the provider would write them.

type Fields = Readonly<Record<string, unknown>>;

/** Events of one item at its place in the output. */
export type Item = (index: number) => readonly Event[];

/** What a response has before anything came of it. */
export const BASE = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'gpt',
  error: null,
  incomplete_details: null,
  instructions: 'Be brief.',
  metadata: {},
  parallel_tool_calls: true,
  temperature: 1,
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  usage: null,
};

export const USAGE = {
  input_tokens: 3,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 8,
};

interface Ending {
  readonly type?: string;
  readonly fields?: Fields;
  readonly id?: string;
}

/** A whole response, numbered as the provider does it. */
export function response(
  items: readonly Item[],
  { type, fields, id = 'resp_1' }: Ending = {},
): readonly Event[] {
  const begun = { ...BASE, id, status: 'in_progress', output: [] };
  const made = items.flatMap((item, index) => item(index));
  const output = made.flatMap((event) => (event.type === 'response.output_item.done' ? [event['item']] : []));
  const end = type ?? 'response.completed';
  const over = {
    ...begun,
    status: end.slice('response.'.length),
    output,
    usage: USAGE,
    completed_at: 9,
    ...fields,
  };
  return number([
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...made,
    ...(type === 'none' ? [] : [{ type: end, response: over }]),
  ]);
}

function number(stream: readonly Event[]): readonly Event[] {
  return stream.map((event, sequence_number) => ({ ...event, sequence_number }));
}

function item(done: Fields, added: Fields, between: (place: Fields) => readonly Event[] = () => []): Item {
  return (output_index) => [
    { type: 'response.output_item.added', output_index, item: added },
    ...between({ output_index, item_id: done['id'] }),
    { type: 'response.output_item.done', output_index, item: done },
  ];
}

interface Said {
  readonly deltas: readonly string[];
  readonly annotations?: readonly Fields[];
  readonly logprobs?: readonly Fields[];
}

let ids = 0;
const mint = (kind: string): string => `${kind}_${(ids += 1)}`;

export function message(...parts: readonly (Said | { readonly refusal: readonly string[] })[]): Item {
  const id = mint('msg');
  const whole = parts.map((part) =>
    'refusal' in part
      ? { type: 'refusal', refusal: part.refusal.join('') }
      : {
          type: 'output_text',
          text: part.deltas.join(''),
          annotations: part.annotations ?? [],
          logprobs: part.logprobs ?? [],
        },
  );
  const done = { id, type: 'message', status: 'completed', role: 'assistant', content: whole };
  return item(done, { ...done, status: 'in_progress', content: [] }, (place) =>
    parts.flatMap((part, content_index): readonly Event[] => {
      const here = { ...place, content_index };
      const end = { type: 'response.content_part.done', ...here, part: whole[content_index] };
      if ('refusal' in part)
        return [
          { type: 'response.content_part.added', ...here, part: { type: 'refusal', refusal: '' } },
          ...part.refusal.map((delta) => ({ type: 'response.refusal.delta', ...here, delta })),
          { type: 'response.refusal.done', ...here, refusal: part.refusal.join('') },
          end,
        ];
      const { deltas, annotations = [], logprobs = [] } = part;
      const empty = { type: 'output_text', text: '', annotations: [], logprobs: [] };
      return [
        { type: 'response.content_part.added', ...here, part: empty },
        ...deltas.map((delta, n) => ({
          type: 'response.output_text.delta',
          ...here,
          delta,
          logprobs: logprobs.slice(n, n + 1),
        })),
        ...annotations.map((annotation, annotation_index) => ({
          type: 'response.output_text.annotation.added',
          ...here,
          annotation_index,
          annotation,
        })),
        { type: 'response.output_text.done', ...here, text: deltas.join(''), logprobs },
        end,
      ];
    }),
  );
}

export function text(...deltas: readonly string[]): Item {
  return message({ deltas });
}

export function summary(encrypted: string | undefined, ...thoughts: readonly (readonly string[])[]): Item {
  const id = mint('rs');
  const whole = thoughts.map((deltas) => ({ type: 'summary_text', text: deltas.join('') }));
  const sealed = encrypted === undefined ? {} : { encrypted_content: encrypted };
  const done = { id, type: 'reasoning', summary: whole, ...sealed };
  const begun = encrypted === undefined ? {} : { encrypted_content: '' };
  return item(done, { id, type: 'reasoning', summary: [], ...begun }, (place) =>
    thoughts.flatMap((deltas, summary_index) => {
      const here = { ...place, summary_index };
      const empty = { type: 'summary_text', text: '' };
      return [
        { type: 'response.reasoning_summary_part.added', ...here, part: empty },
        ...deltas.map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...here, delta })),
        { type: 'response.reasoning_summary_text.done', ...here, text: deltas.join('') },
        { type: 'response.reasoning_summary_part.done', ...here, part: whole[summary_index] },
      ];
    }),
  );
}

export function thought(...deltas: readonly string[]): Item {
  const id = mint('rs');
  const part = { type: 'reasoning_text', text: deltas.join('') };
  const done = { id, type: 'reasoning', summary: [], content: [part], status: 'completed' };
  return item(done, { id, type: 'reasoning', summary: [], status: 'in_progress' }, (place) => {
    const here = { ...place, content_index: 0 };
    return [
      { type: 'response.content_part.added', ...here, part: { ...part, text: '' } },
      ...deltas.map((delta) => ({ type: 'response.reasoning_text.delta', ...here, delta })),
      { type: 'response.reasoning_text.done', ...here, text: part.text },
      { type: 'response.content_part.done', ...here, part },
    ];
  });
}

/** An item of which one field is a text that grows. */
function streamed(field: string, event: string, done: Fields, empty: string | null = ''): Item {
  const whole = String(done[field]);
  const begun = { ...done, [field]: empty, ...('status' in done && { status: 'in_progress' }) };
  return item(done, begun, (place) => [
    ...(whole.match(/[\s\S]{1,4}/gu) ?? []).map((delta) => ({
      type: `response.${event}.delta`,
      ...place,
      delta,
    })),
    { type: `response.${event}.done`, ...place, [field]: whole },
  ]);
}

export function functionCall(name: string, args: string, call_id = mint('call')): Item {
  const done = { id: mint('fc'), type: 'function_call', status: 'completed', arguments: args, call_id, name };
  return streamed('arguments', 'function_call_arguments', done);
}

export function customCall(input: string): Item {
  const done = { id: mint('ctc'), type: 'custom_tool_call', call_id: mint('call'), name: 'sql', input };
  return streamed('input', 'custom_tool_call_input', done);
}

export function whole(
  done: Fields,
  between: (place: Fields) => readonly Event[] = () => [],
  added: Fields = {},
): Item {
  const own = { id: mint('item'), ...done };
  return item(own, { ...own, ...('status' in done && { status: 'in_progress' }), ...added }, between);
}

/** A call that tells of its progress. */
export function served(type: string, phases: readonly string[], done: Fields, added: Fields = {}): Item {
  const made = { type: `${type}_call`, status: 'completed', ...done };
  return whole(
    made,
    (place) => phases.map((phase) => ({ type: `response.${type}_call.${phase}`, ...place })),
    added,
  );
}

export function code(source: string): Item {
  const done = {
    id: mint('ci'),
    type: 'code_interpreter_call',
    status: 'completed',
    container_id: 'cntr_1',
    code: source,
    outputs: [{ type: 'logs', logs: '4\n' }],
  };
  const grown = streamed('code', 'code_interpreter_call_code', done, null);
  return (index) => {
    const [added, ...rest] = grown(index);
    const place = { output_index: index, item_id: done.id };
    const phase = (name: string): Event => ({ type: `response.code_interpreter_call.${name}`, ...place });
    const first = {
      ...added,
      type: 'response.output_item.added',
      item: { ...done, status: 'in_progress', code: null, outputs: null },
    };
    return [
      first,
      phase('in_progress'),
      ...rest.slice(0, -1),
      phase('interpreting'),
      phase('completed'),
      ...rest.slice(-1),
    ];
  };
}

export function mcpCall(args: string, fields: Fields): Item {
  const done = {
    id: mint('mcp'),
    type: 'mcp_call',
    server_label: 'wiki',
    name: 'ask',
    arguments: args,
    ...fields,
  };
  const grown = streamed('arguments', 'mcp_call_arguments', done);
  return (index) => {
    const [added, ...rest] = grown(index);
    const place = { output_index: index, item_id: done.id };
    const end = String(fields['status']);
    const bare = { ...done, status: 'in_progress', arguments: '', output: null, error: null };
    return [
      { ...added, type: 'response.output_item.added', item: bare },
      { type: 'response.mcp_call.in_progress', ...place },
      ...rest.slice(0, -1),
      { type: `response.mcp_call.${end}`, ...place },
      ...rest.slice(-1),
    ];
  };
}

export function shell(commands: readonly (readonly string[])[], output: Fields): Item[] {
  const call_id = mint('call');
  const action = {
    commands: commands.map((deltas) => deltas.join('')),
    max_output_length: null,
    timeout_ms: null,
  };
  const environment = { type: 'container_reference', container_id: 'cntr_1' };
  const call = whole(
    { type: 'shell_call', call_id, status: 'completed', action, environment },
    ({ output_index }) =>
      commands.flatMap(([first = '', ...deltas], command_index) => {
        const here = { output_index, command_index };
        return [
          { type: 'response.shell_call_command.added', ...here, command: first },
          ...deltas.map((delta) => ({ type: 'response.shell_call_command.delta', ...here, delta })),
          { type: 'response.shell_call_command.done', ...here, command: action.commands[command_index] },
        ];
      }),
    { action: { ...action, commands: [] } },
  );
  const made = whole(
    { type: 'shell_call_output', call_id, status: 'completed', max_output_length: null, output: [output] },
    (place) => [
      {
        type: 'response.shell_call_output_content.delta',
        ...place,
        command_index: 0,
        delta: { stdout: 'a' },
      },
      {
        type: 'response.shell_call_output_content.delta',
        ...place,
        command_index: 0,
        delta: { stdout: 'b', stderr: '!' },
      },
      { type: 'response.shell_call_output_content.done', ...place, command_index: 0, output: [output] },
    ],
    { output: [] },
  );
  return [call, made];
}
