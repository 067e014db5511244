import type { Tools } from '@holdfast/openai/agent';
import type { UIMessageChunk } from 'ai';
import * as anthropic from './anthropic-streams.ts';
import type { AgentFramework, ClientFramework, Turn } from './frameworks.ts';
import * as openai from './openai-streams.ts';

/** What a client shows where it can't show a thing as it is. */
export interface Instead {
  readonly lines: readonly string[];
  /** For the documentation. */
  readonly why: string;
}

/** One thing that an agent can say, in each framework that has words for it, and what clients show of it. */
export interface Feature {
  readonly name: string;
  /** The stream of a whole answer. */
  readonly written: {
    readonly 'ai-sdk'?: readonly UIMessageChunk[];
    readonly 'tanstack-ai'?: readonly Event[];
    /** One stream for each call of the model. */
    readonly openai?: readonly (readonly Event[])[];
    readonly anthropic?: readonly (readonly Event[])[];
  };
  /** What agents run that leave the model's turns to us. */
  readonly tools?: Tools;
  /** As every client shows it that isn't in `instead`. */
  readonly lines: readonly string[];
  /** The same for agents that have other words for it. */
  readonly own?: Partial<Readonly<Record<AgentFramework, readonly string[]>>>;
  readonly instead?: Partial<Readonly<Record<ClientFramework, Instead>>>;
}

export interface Event {
  readonly type: string;
  readonly [field: string]: unknown;
}

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';

const begun: Event = { type: 'RUN_STARTED', runId: 'r', threadId: 't' };
const over: Event = { type: 'RUN_FINISHED', runId: 'r', threadId: 't', finishReason: 'stop' };

function chunks(...parts: readonly UIMessageChunk[]): readonly UIMessageChunk[] {
  return [{ type: 'start' }, { type: 'start-step' }, ...parts, { type: 'finish-step' }, { type: 'finish' }];
}

function events(...parts: readonly Event[]): readonly Event[] {
  return [begun, ...parts, over];
}

function text(...deltas: readonly string[]): readonly UIMessageChunk[] {
  return [
    { type: 'text-start', id: 't1' },
    ...deltas.map((delta) => ({ type: 'text-delta', id: 't1', delta }) as const),
    { type: 'text-end', id: 't1' },
  ];
}

function said(...deltas: readonly string[]): readonly Event[] {
  return [
    { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant' },
    ...deltas.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta })),
    { type: 'TEXT_MESSAGE_END', messageId: 'm1' },
  ];
}

const thought: readonly Event[] = [
  { type: 'STEP_STARTED', stepName: 's1' },
  { type: 'REASONING_MESSAGE_CONTENT', messageId: 's1', delta: 'Two ' },
  { type: 'REASONING_MESSAGE_CONTENT', messageId: 's1', delta: 'cities.' },
];

const input: readonly UIMessageChunk[] = [
  { type: 'tool-input-start', toolCallId: 'c1', toolName: 'weather' },
  { type: 'tool-input-delta', toolCallId: 'c1', inputTextDelta: '{"city":' },
  { type: 'tool-input-delta', toolCallId: 'c1', inputTextDelta: '"Lima"}' },
  { type: 'tool-input-available', toolCallId: 'c1', toolName: 'weather', input: { city: 'Lima' } },
];

const args: readonly Event[] = [
  { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'weather' },
  { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '{"city":' },
  { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '"Lima"}' },
  { type: 'TOOL_CALL_END', toolCallId: 'c1' },
];

/** A call that the provider runs. */
const RUN = { toolCallId: 'p1', providerExecuted: true } as const;

const CALL = 'call weather {"city":"Lima"}';

/** The whole matrix: what agents can say, and what becomes of it in each client. */
export const FEATURES: readonly Feature[] = [
  {
    name: 'text',
    written: {
      'ai-sdk': chunks(...text('Lisbon has ', 'two airports. ', '😀\u001e')),
      'tanstack-ai': events(...said('Lisbon has ', 'two airports. ', '😀\u001e')),
      openai: openai.said('Lisbon has ', 'two airports. ', '😀\u001e'),
      anthropic: anthropic.said('Lisbon has ', 'two airports. ', '😀\u001e'),
    },
    lines: ['text: Lisbon has two airports. 😀\u001e'],
  },
  {
    name: 'reasoning',
    written: {
      'ai-sdk': chunks(
        { type: 'reasoning-start', id: 'r1' },
        { type: 'reasoning-delta', id: 'r1', delta: 'Two ' },
        { type: 'reasoning-delta', id: 'r1', delta: 'cities.' },
        { type: 'reasoning-end', id: 'r1' },
        ...text('Yes.'),
      ),
      'tanstack-ai': events(...thought, ...said('Yes.')),
      openai: openai.thought,
      anthropic: anthropic.thought,
    },
    lines: ['reasoning: Two cities.', 'text: Yes.'],
  },
  {
    name: 'a tool call, its streamed input and its result',
    written: {
      'ai-sdk': chunks(
        ...input,
        { type: 'tool-output-available', toolCallId: 'c1', output: { sky: 'clear' } },
        ...text('Sunny.'),
      ),
      'tanstack-ai': events(
        ...args,
        { type: 'TOOL_CALL_RESULT', messageId: 'm', toolCallId: 'c1', content: '{"sky":"clear"}' },
        ...said('Sunny.'),
      ),
      openai: openai.called,
      anthropic: anthropic.called,
    },
    tools: { weather: { run: () => ({ sky: 'clear' }) } },
    lines: [CALL, 'result {"sky":"clear"}', 'text: Sunny.'],
  },
  {
    name: 'a tool that failed',
    written: {
      'ai-sdk': chunks(...input, { type: 'tool-output-error', toolCallId: 'c1', errorText: 'No such city' }),
      'tanstack-ai': events(...args, {
        type: 'TOOL_CALL_RESULT',
        messageId: 'm',
        toolCallId: 'c1',
        content: '{"error":"No such city"}',
        metadata: { tanstack: { state: 'output-error' } },
      }),
      openai: openai.calledOnly,
      anthropic: anthropic.calledOnly,
    },
    tools: { weather: { run: () => Promise.reject(new Error('No such city')) } },
    lines: [CALL, 'failed: No such city'],
  },
  {
    name: 'a call with invalid input',
    written: {
      'ai-sdk': chunks({
        type: 'tool-input-error',
        toolCallId: 'c1',
        toolName: 'weather',
        input: { city: 'Lima' },
        errorText: 'No such field',
      }),
    },
    lines: [CALL, 'failed: No such field'],
  },
  {
    name: 'a call whose input is no JSON',
    written: { openai: openai.malformed, anthropic: anthropic.malformed },
    lines: ['call weather "{\\"city\\":"', 'failed: The input is not valid JSON.'],
  },
  {
    name: 'a tool that the provider runs',
    written: {
      'ai-sdk': chunks(
        { ...RUN, type: 'tool-input-available', toolName: 'ask', input: { q: 'airports' } },
        { ...RUN, type: 'tool-output-available', output: 'Two.' },
        ...text('There.'),
      ),
      openai: openai.served,
      anthropic: anthropic.served,
    },
    lines: ['call ask {"q":"airports"}', 'result "Two."', 'text: There.'],
    own: {
      anthropic: [
        'call web_search {"query":"airports"}',
        'result [{"type":"web_search_result","title":"Example","url":"https://example.com/","encrypted_content":"Eq","page_age":null}]',
        'text: There.',
      ],
    },
  },
  {
    name: 'an image that the provider makes',
    written: { openai: openai.image },
    lines: ['call image_generation {}', 'result "iVBORw0KGgo="'],
  },
  {
    name: 'a refusal',
    written: { openai: openai.refusal },
    lines: ['text: I can’t do that.'],
  },
  {
    name: 'a file',
    written: { 'ai-sdk': chunks({ type: 'file', url: PIXEL, mediaType: 'image/png' }) },
    lines: [`file image/png ${PIXEL}`],
  },
  {
    name: 'sources: pages',
    written: {
      'ai-sdk': chunks(...text('See there.'), {
        type: 'source-url',
        sourceId: 's1',
        url: 'https://example.com/',
        title: 'Example',
      }),
      openai: openai.citesPage,
      anthropic: anthropic.citesPage,
    },
    lines: ['text: See there.', 'source https://example.com/ Example'],
    instead: { 'tanstack-ai': { lines: ['text: See there.'], why: 'not shown' } },
  },
  {
    name: 'sources: documents',
    written: {
      'ai-sdk': chunks(...text('See there.'), {
        type: 'source-document',
        sourceId: 's1',
        mediaType: 'application/octet-stream',
        title: 'Notes',
      }),
      openai: openai.citesDocument,
      anthropic: anthropic.citesDocument,
    },
    lines: ['text: See there.', 'document application/octet-stream Notes'],
    instead: { 'tanstack-ai': { lines: ['text: See there.'], why: 'not shown' } },
  },
  {
    name: 'citations of a text',
    written: {
      'ai-sdk': [
        { type: 'start' },
        { type: 'text-start', id: 't1' },
        { type: 'text-delta', id: 't1', delta: 'Two.' },
        { type: 'text-end', id: 't1', citations: [{ cited: 'p. 4' }] } as unknown as UIMessageChunk,
        { type: 'finish' },
      ],
    },
    lines: ['text: Two.', 'citations [{"cited":"p. 4"}]'],
    instead: { 'tanstack-ai': { lines: ['text: Two.'], why: 'not shown' } },
  },
  {
    name: 'data',
    written: {
      'ai-sdk': chunks(
        { type: 'data-chart', id: 'd1', data: { bars: [1] } },
        { type: 'data-chart', id: 'd1', data: { bars: [1, 2] } },
        ...text('There.'),
      ),
      'tanstack-ai': events({ type: 'CUSTOM', name: 'chart', value: { bars: [1, 2] } }, ...said('There.')),
    },
    lines: ['data chart {"bars":[1,2]}', 'text: There.'],
    instead: {
      'tanstack-ai': { lines: ['text: There.'], why: 'a custom event (`onCustomEvent`), in no message' },
    },
  },
  {
    name: "a provider's own part",
    written: { 'ai-sdk': chunks({ type: 'custom', kind: 'vendor.thing' }, ...text('There.')) },
    lines: ['custom vendor.thing', 'text: There.'],
    instead: { 'tanstack-ai': { lines: ['text: There.'], why: 'not shown' } },
  },
  {
    name: "a provider's metadata, such as signatures of reasoning",
    written: {
      'ai-sdk': chunks(
        { type: 'reasoning-start', id: 'r1' },
        { type: 'reasoning-delta', id: 'r1', delta: 'Hm.' },
        { type: 'reasoning-end', id: 'r1', providerMetadata: { vendor: { signature: 'sig' } } },
      ),
    },
    lines: ['reasoning: Hm.', 'provider {"vendor":{"signature":"sig"}}'],
    instead: { 'tanstack-ai': { lines: ['reasoning: Hm.'], why: 'not shown' } },
  },
  {
    name: 'reasoning that the provider has sealed or signed',
    written: { openai: openai.sealed, anthropic: anthropic.sealed },
    lines: ['reasoning: Hm.'],
    instead: {
      'ai-sdk': { lines: ['reasoning: Hm.'], why: 'its words' },
      'tanstack-ai': { lines: ['reasoning: Hm.'], why: 'its words' },
      session: { lines: ['reasoning: Hm.'], why: 'its words; the seal in a `raw` part' },
    },
  },
  {
    name: 'an encrypted value of reasoning',
    written: {
      'tanstack-ai': events({ type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant' }, ...thought, {
        type: 'REASONING_ENCRYPTED_VALUE',
        subtype: 'message',
        entityId: 's1',
        encryptedValue: 'sig',
      }),
    },
    lines: ['reasoning: Two cities.', 'signature "sig"'],
    instead: { 'ai-sdk': { lines: ['reasoning: Two cities.'], why: 'not shown' } },
  },
  {
    name: 'structured output',
    written: {
      'tanstack-ai': events(
        { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant' },
        { type: 'CUSTOM', name: 'structured-output.start', value: { messageId: 'm1' } },
        { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: '{"city":' },
        { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: '"Lima"}' },
        {
          type: 'CUSTOM',
          name: 'structured-output.complete',
          value: { messageId: 'm1', object: { city: 'Lima' }, raw: '{"city":"Lima"}' },
        },
      ),
    },
    lines: ['structured {"city":"Lima"}'],
    instead: { 'ai-sdk': { lines: ['text: {"city":"Lima"}'], why: 'as text: its JSON' } },
  },
  {
    name: 'a UI resource',
    written: {
      'tanstack-ai': events(...said('Look.'), {
        type: 'CUSTOM',
        name: 'ui-resource',
        value: { resource: { uri: 'ui://chart', mimeType: 'text/html', text: '<p>' }, toolName: 'chart' },
      }),
    },
    lines: [
      'text: Look.',
      'part {"type":"ui-resource","resource":{"uri":"ui://chart","mimeType":"text/html","text":"<p>"},"toolName":"chart"}',
    ],
    instead: { 'ai-sdk': { lines: ['text: Look.'], why: 'not shown' } },
  },
  {
    name: 'metadata of an answer',
    written: {
      'ai-sdk': [
        { type: 'start', messageMetadata: { model: 'small' } },
        ...text('Hi.'),
        { type: 'finish', messageMetadata: { tokens: 2 } },
      ],
    },
    lines: ['text: Hi.', 'metadata {"model":"small","tokens":2}'],
  },
  {
    name: 'metadata of one of several messages in an answer',
    written: {
      'tanstack-ai': events(
        { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant', metadata: { model: 'small' } },
        { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'Hi.' },
      ),
    },
    lines: ['text: Hi.', 'metadata {"model":"small"}'],
    instead: {
      'ai-sdk': { lines: ['text: Hi.'], why: 'not shown' },
      session: {
        lines: ['metadata {"model":"small"}', 'text: Hi.'],
        why: 'in a `raw` part where the message begins',
      },
    },
  },
  {
    name: 'state that everybody shares',
    written: {
      'tanstack-ai': events(
        { type: 'STATE_SNAPSHOT', snapshot: { page: 4 } },
        { type: 'STATE_DELTA', delta: [{ op: 'replace', path: '/page', value: 5 }] },
        ...said('There.'),
      ),
    },
    lines: ['text: There.'],
    instead: {
      'ai-sdk': { lines: ['text: There.'], why: "in the session's `snapshot.state`" },
      'tanstack-ai': {
        lines: ['text: There.'],
        why: '`STATE_SNAPSHOT` and `STATE_DELTA` (`onChunk`), in no message',
      },
      session: { lines: ['text: There.'], why: 'in `snapshot.state`' },
    },
  },
  {
    name: 'a chunk that the AI SDK will have one day',
    written: {
      'ai-sdk': chunks({ type: 'later-thing', of: 1 } as unknown as UIMessageChunk, ...text('There.')),
    },
    lines: ['event {"type":"later-thing","of":1}', 'text: There.'],
    instead: {
      'ai-sdk': { lines: ['text: There.'], why: 'handed on as it is' },
      'tanstack-ai': { lines: ['text: There.'], why: 'not shown' },
    },
  },
  {
    name: 'an event that AG-UI will have one day',
    written: { 'tanstack-ai': events({ type: 'LATER_THING', of: 1 }, ...said('There.')) },
    lines: ['event {"type":"LATER_THING","of":1}', 'text: There.'],
    instead: {
      'ai-sdk': { lines: ['text: There.'], why: 'not shown' },
      'tanstack-ai': { lines: ['text: There.'], why: 'an event (`onChunk`), handed on as it is' },
    },
  },
  {
    name: 'an event that OpenAI will have one day',
    written: { openai: openai.later },
    lines: ['event {"type":"response.later_thing","of":1}', 'text: There.'],
    instead: {
      'ai-sdk': { lines: ['text: There.'], why: 'not shown' },
      'tanstack-ai': { lines: ['text: There.'], why: 'not shown' },
    },
  },
];

/** What an agent says about a feature, call by call of its model; undefined where it has no words for it. */
export function turnsOf({ written }: Feature, agent: AgentFramework): readonly Turn[] | undefined {
  if (agent === 'openai' || agent === 'anthropic') return written[agent];
  const turn: Turn | undefined = written[agent];
  return turn === undefined ? undefined : [turn];
}
