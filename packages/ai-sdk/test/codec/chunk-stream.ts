import type { UIMessageChunk } from 'ai';
import fc from 'fast-check';
import type { Version } from './sdk-fold.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Text with what a frame log has to take care of. */
const roughText = fc.string({
  unit: fc.constantFrom(
    'a',
    'é',
    ' ',
    '"',
    '\\',
    '\n',
    '\u001e',
    '\u0000',
    '😀',
    '\ud83d',
    '\ude00',
    '{',
    '0',
  ),
  maxLength: 8,
});
const key = fc.constantFrom('text', 'a', 'b', 'toString', 'ü');
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    roughText,
    fc.constantFrom<Json>(null, true, 0, -12.5, 1e21),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(key, tie('json'), { maxKeys: 3 }),
  ),
}));

const STREAMS = 'text text reasoning delta delta delta delta delta end input input';
const CALLS = 'call call miscall ask answer output output output failure denial';
const WHOLE = 'source document file reasoning-file custom steering data data lone-data';
const OTHERS = 'metadata step step reset error unknown transient';
const DOINGS = [STREAMS, CALLS, WHOLE, OTHERS].flatMap((doings) => doings.split(' '));

const move = fc.record({
  doing: fc.constantFrom(...DOINGS),
  pick: fc.nat(20),
  text: roughText,
  json,
  pm: fc.option(fc.record({ p: fc.record({ itemId: fc.nat(2) }) }), { nil: undefined, freq: 3 }),
  flags: fc.record({ a: fc.boolean(), b: fc.boolean(), c: fc.boolean(), d: fc.boolean() }),
});
export type Move = typeof move extends fc.Arbitrary<infer Of> ? Of : never;

interface Call {
  readonly id: string;
  readonly dynamic: boolean;
  state: 'input' | 'partial' | 'ready' | 'asked' | 'settled';
  readonly text: string;
  at: number;
  output: Json;
  readonly step: number;
}

/** A stream that the SDK's reader takes without an error, of any chunks in any order. */
export function toStream(moves: readonly Move[], version: Version = 'ai'): UIMessageChunk[] {
  const chunks: Record<string, unknown>[] = [{ type: 'start', messageId: 'm1' }, { type: 'start-step' }];
  let open: { readonly kind: 'text' | 'reasoning'; readonly id: string; readonly step: number }[] = [];
  let calls: Call[] = [];
  const data = new Map<string, Json>();
  let step = 1;
  let made = 0;
  const is6 = version === 'ai6';
  const put = (chunk: Record<string, unknown>): void => {
    chunks.push(Object.fromEntries(Object.entries(chunk).filter(([, value]) => value !== undefined)));
  };
  const any = <Item>(items: readonly Item[], pick: number): Item | undefined =>
    items[pick % (items.length || 1)];
  const grown = (value: Json, text: string): Json => {
    if (typeof value === 'string') return value + text;
    if (Array.isArray(value)) return value.map((item: Json) => grown(item, text));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, grown(item, text)]));
  };

  for (const { doing, pick, text, json, pm: providerMetadata, flags } of moves) {
    const pm = { providerMetadata };
    const some = (states: readonly Call['state'][]): Call | undefined =>
      any(
        calls.filter((call) => states.includes(call.state)),
        pick,
      );
    const about = {
      ...pm,
      ...(flags.b && { title: text }),
      ...(flags.c && { toolMetadata: { source: text } }),
      ...(flags.d && { providerExecuted: true }),
    };
    switch (doing) {
      case 'text':
      case 'reasoning': {
        // Ids are unique only while the part is open.
        const id = ['0', '1', '2'].find(
          (each) => !open.some((part) => part.kind === doing && part.id === each),
        );
        if (id === undefined) break;
        open.push({ kind: doing, id, step });
        put({ type: `${doing}-start`, id, ...pm });
        break;
      }
      case 'delta': {
        const inputs = calls.filter((call) => call.state === 'input' && call.step === step);
        const target = any([...open, ...inputs], pick);
        if (target === undefined) break;
        if ('kind' in target) put({ type: `${target.kind}-delta`, id: target.id, delta: text, ...pm });
        else {
          const inputTextDelta = target.text.slice(target.at, target.at + (pick % 7));
          target.at += inputTextDelta.length;
          put({ type: 'tool-input-delta', toolCallId: target.id, inputTextDelta });
        }
        break;
      }
      case 'end': {
        const part = any(open, pick);
        if (part === undefined) break;
        open = open.filter((each) => each !== part);
        const citations =
          part.kind === 'text' && flags.a ? [{ source: { type: 'url', url: text } }] : undefined;
        put({ type: `${part.kind}-end`, id: part.id, citations, ...pm });
        break;
      }
      case 'input': {
        const id = `c${(made += 1)}`;
        const inputEncoding = flags.a ? (['json', 'text'] as const)[pick % 2] : undefined;
        const whole = inputEncoding === 'text' ? text : JSON.stringify(json);
        const dynamic = pick % 3 === 0;
        calls.push({ id, dynamic, state: 'input', text: whole, at: 0, output: null, step });
        put({
          type: 'tool-input-start',
          toolCallId: id,
          toolName: 'weather',
          inputEncoding,
          ...(dynamic && { dynamic }),
          ...about,
        });
        break;
      }
      case 'call':
      case 'miscall': {
        const streamed = any(
          calls.filter((call) => call.state === 'input' && call.step === step),
          pick,
        );
        const call = streamed ?? {
          id: `c${(made += 1)}`,
          dynamic: pick % 3 === 0,
          state: 'ready',
          text: '',
          at: 0,
          output: null,
          step,
        };
        if (streamed === undefined) calls.push(call);
        // Mostly the rest is streamed before the call, and the input is what was streamed.
        const rest = call.text.slice(call.at);
        if (streamed !== undefined && flags.a && rest !== '')
          put({ type: 'tool-input-delta', toolCallId: call.id, inputTextDelta: rest });
        const input = streamed !== undefined && pick % 4 > 0 ? parsed(call.text) : json;
        const rename = pick % 5 === 0 ? 'renamed' : 'weather';
        const head = {
          toolCallId: call.id,
          toolName: rename,
          input,
          ...(call.dynamic && { dynamic: true }),
          ...about,
        };
        if (doing === 'call') put({ type: 'tool-input-available', ...head });
        else put({ type: 'tool-input-error', ...head, errorText: text });
        call.state = doing === 'call' ? 'ready' : 'settled';
        break;
      }
      case 'ask': {
        const call = some(['ready']);
        if (call === undefined) break;
        call.state = 'asked';
        put({
          type: 'tool-approval-request',
          approvalId: `a-${call.id}`,
          toolCallId: call.id,
          ...(flags.a && { approvalDescriptor: { rule: json } }),
          ...(flags.b && { inputSchemaInput: json }),
          ...(flags.c && { signature: text, isAutomatic: true }),
          ...(flags.d && { reason: text }),
        });
        break;
      }
      case 'answer': {
        const call = is6 ? undefined : some(['asked']);
        if (call === undefined) break;
        call.state = 'ready';
        put({
          type: 'tool-approval-response',
          approvalId: `a-${call.id}`,
          approved: flags.a,
          ...(flags.b && { reason: text }),
          ...(flags.c && { providerExecuted: flags.d }),
          ...pm,
        });
        break;
      }
      case 'output': {
        const call = some(['ready', 'asked', 'input', 'partial']);
        if (call === undefined) break;
        call.output = pick % 3 === 0 || call.output === null ? json : grown(call.output, text);
        const { title: _, ...rest } = about;
        put({
          type: 'tool-output-available',
          toolCallId: call.id,
          output: call.output,
          ...(flags.a && { preliminary: true }),
          ...rest,
        });
        // Under an output no input streams on.
        if (!flags.a) call.state = 'settled';
        else if (call.state === 'input') call.state = 'partial';
        break;
      }
      case 'failure': {
        const call = some(['ready', 'input']);
        if (call === undefined) break;
        call.state = 'settled';
        put({
          type: 'tool-output-error',
          toolCallId: call.id,
          errorText: text,
          ...pm,
          ...(call.dynamic && { dynamic: true }),
        });
        break;
      }
      case 'denial': {
        const call = some(['ready', 'asked']);
        if (call === undefined) break;
        call.state = 'settled';
        put({ type: 'tool-output-denied', toolCallId: call.id });
        break;
      }
      case 'source':
        put({ type: 'source-url', sourceId: text, url: text, title: flags.a ? text : undefined, ...pm });
        break;
      case 'document':
        put({
          type: 'source-document',
          sourceId: text,
          mediaType: 'text/plain',
          title: text,
          filename: flags.a ? text : undefined,
          ...pm,
        });
        break;
      case 'file':
      case 'reasoning-file':
        put({ type: doing, url: `data:${text}`, mediaType: 'image/png', ...pm });
        break;
      case 'custom':
        put({ type: 'custom', kind: 'a.b', ...pm });
        break;
      case 'steering':
        put({ type: 'steering-message', id: text, parts: [{ type: 'text', text }] });
        break;
      case 'data': {
        const id = String(pick % 2);
        const before = data.get(id);
        const value = before === undefined || pick % 3 === 0 ? json : grown(before, text);
        data.set(id, value);
        put({ type: 'data-chart', id, data: value, ...(flags.a && { unit: text }) });
        break;
      }
      case 'lone-data':
        put({ type: 'data-chart', data: json, ...(flags.a && { transient: false }) });
        break;
      case 'transient':
        put({ type: 'data-note', data: json, transient: true });
        break;
      case 'metadata':
        put({ type: 'message-metadata', messageMetadata: { [text]: json, deep: { [text]: json } } });
        break;
      case 'step':
        if (is6) open = [];
        step += 1;
        put({ type: 'finish-step' });
        put({ type: 'start-step' });
        break;
      case 'reset':
        if (is6) break;
        put({ type: 'reset-step' });
        open = [];
        calls = calls.filter((call) => call.step < step);
        for (const call of calls) if (call.state === 'input') call.state = 'settled';
        break;
      case 'error':
        put({ type: 'error', errorText: text });
        break;
      case 'unknown':
        put({ type: 'future-chunk', id: text, value: json });
        break;
    }
  }
  put({ type: 'finish', finishReason: 'stop', messageMetadata: { tokens: 1 } });
  return chunks as unknown as UIMessageChunk[];
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

export const moves: fc.Arbitrary<readonly Move[]> = fc.array(move, { maxLength: 30 });
