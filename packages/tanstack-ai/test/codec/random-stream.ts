import fc from 'fast-check';
import type { Event } from './fold.ts';
import { finished, interrupt, interrupted, reasoning, result, signed, started, text } from './streams.ts';

/** One thing that a model or its agent does. */
export interface Move {
  readonly doing:
    'say' | 'think' | 'call' | 'args' | 'end' | 'result' | 'turn' | 'custom' | 'sign' | 'again' | 'ask';
  readonly words: readonly string[];
  readonly pick: number;
}

const words = fc.array(
  fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), fc.constant('\u001e😀')),
  {
    minLength: 1,
    maxLength: 3,
  },
);
const doing = fc.constantFrom<Move['doing']>(
  'say',
  'say',
  'think',
  'call',
  'args',
  'args',
  'end',
  'end',
  'result',
  'turn',
  'custom',
  'sign',
  'again',
  'ask',
);
export const moves: fc.Arbitrary<readonly Move[]> = fc.array(fc.record({ doing, words, pick: fc.nat(99) }), {
  minLength: 1,
  maxLength: 24,
});

interface Call {
  readonly id: string;
  text: string;
  state: 'open' | 'complete' | 'settled';
}

/** A stream as agents write them, with everything going on beside everything else. */
export function toStream(made: readonly Move[]): readonly Event[] {
  const stream: Event[] = [started];
  const calls: Call[] = [];
  let message: string | undefined;
  let step: string | undefined;
  let count = 0;
  const some = (pick: number, state: Call['state']): Call | undefined => {
    const found = calls.filter((each) => each.state === state);
    return found[pick % Math.max(1, found.length)];
  };
  const end = (call: Call): void => {
    stream.push({ type: 'TOOL_CALL_END', toolCallId: call.id });
    call.state = 'complete';
  };
  const settle = (call: Call, { words: said, pick }: Move): void => {
    const content = pick % 3 === 0 ? said.join('') : JSON.stringify(pick % 3 === 1 ? { said } : pick);
    stream.push(result(call.id, content, pick % 5 === 0));
    call.state = 'settled';
  };
  const finishTurn = (reason: string): void => {
    for (const call of calls) if (call.state === 'open') end(call);
    stream.push(finished(reason));
  };
  for (const move of made) {
    const { doing: what, words: said, pick } = move;
    count += 1;
    switch (what) {
      case 'say':
        if (message === undefined || pick % 7 === 0) {
          message = `m${count}`;
          stream.push(...text(message, ...said));
        } else
          for (const delta of said) stream.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: message, delta });
        break;
      case 'again':
        if (message !== undefined) stream.push(...text(message, ...said));
        break;
      case 'think':
        step = `s${count}`;
        stream.push(...reasoning(step, ...said).slice(0, pick % 2 === 0 ? undefined : -2));
        break;
      case 'sign':
        if (step !== undefined) stream.push(signed(step, said.join('')));
        break;
      case 'call': {
        const parent = message === undefined || pick % 2 === 0 ? {} : { parentMessageId: message };
        const metadata = pick % 5 === 0 ? { metadata: { note: said } } : {};
        stream.push({
          type: 'TOOL_CALL_START',
          toolCallId: `c${count}`,
          toolCallName: 'tool',
          ...parent,
          ...metadata,
        });
        calls.push({ id: `c${count}`, text: '', state: 'open' });
        break;
      }
      case 'args': {
        const call = some(pick, 'open');
        if (call === undefined) break;
        for (const delta of call.text === '' ? ['{"a": ', JSON.stringify(said)] : said) {
          call.text += delta;
          stream.push({ type: 'TOOL_CALL_ARGS', toolCallId: call.id, delta });
        }
        if (pick % 3 > 0) stream.push({ type: 'TOOL_CALL_ARGS', toolCallId: call.id, delta: '}' });
        break;
      }
      case 'end': {
        const call = some(pick, 'open');
        if (call !== undefined) end(call);
        break;
      }
      case 'result': {
        const call = some(pick, 'complete');
        if (call !== undefined) settle(call, move);
        break;
      }
      case 'ask': {
        const call = some(pick, 'complete');
        const value = {
          toolCallId: call?.id,
          toolName: 'tool',
          input: {},
          approval: { id: `a-${call?.id}`, needsApproval: true },
        };
        if (call !== undefined) stream.push({ type: 'CUSTOM', name: 'approval-requested', value });
        break;
      }
      case 'turn':
        finishTurn('tool_calls');
        for (const call of calls) if (call.state === 'complete') settle(call, move);
        if (pick % 2 === 0) message = undefined;
        break;
      case 'custom':
        stream.push({ type: 'CUSTOM', name: 'note', value: said });
    }
  }
  const waiting = calls.filter(({ state }) => state !== 'settled').map(({ id }) => interrupt(id, 'approval'));
  if (waiting.length > 0 && count % 2 === 0) {
    for (const call of calls) if (call.state === 'open') end(call);
    return [...stream, interrupted(...waiting)];
  }
  finishTurn('stop');
  return stream;
}
