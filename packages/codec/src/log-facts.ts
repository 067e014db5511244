import type { Control } from './control.ts';
import type { Fact, LogFacts } from './fact.ts';
import type { JsonValue } from './json.ts';
import { collectFacts, toRulingFact } from './ruling-facts.ts';

const OPENING: ReadonlySet<string> = new Set(['message', 'continue', 'end']);

/** Reads the facts of a log as it grows. The facts of a log don't depend on how it was cut. */
export function createLogFacts(log = ''): LogFacts {
  let progressed = false;
  return collectFacts(log, (facts) => {
    const progress = (at: number): void => {
      if (progressed) return;
      progressed = true;
      facts.push({ kind: 'progress', at });
    };
    return {
      text(_n, _text, at) {
        progress(at + 1);
      },
      control(control, _n, at) {
        if (!OPENING.has(control[0])) progress(at);
        const fact = toFact(control, at);
        if (fact) facts.push(fact);
      },
    };
  });
}

function toFact(control: Control, at: number): Fact | undefined {
  const [verb, subject, fields = {}] = control;
  if (verb === 'state' || verb === 'patch') return { kind: 'state', at };
  if (typeof subject !== 'string') return undefined;
  switch (verb) {
    case 'message':
      return { kind: 'message', at, id: subject };
    case 'call':
      return { kind: 'call', at, callId: subject, ...text('name', fields['name']) };
    case 'assign': {
      const { device, clientId, until } = fields;
      if (typeof device !== 'string') return undefined;
      const owner = text('clientId', clientId);
      return { kind: 'assign', at, callId: subject, device, ...owner, ...number('until', until) };
    }
    case 'ask': {
      const { tool, until, need } = fields;
      const wanted = { ...number('until', until), ...number('need', need) };
      return { kind: 'ask', at, id: subject, ...text('callId', tool), ...wanted };
    }
    case 'verdict': {
      const { record, refused } = fields;
      return typeof record === 'string'
        ? { kind: 'verdict', at, callId: subject, record, counts: refused === undefined }
        : undefined;
    }
    case 'answer':
      return {
        kind: 'answer',
        at,
        id: subject,
        ok: fields['ok'] === true,
        ...text('record', fields['record']),
      };
    case 'miscall':
      return { kind: 'result', at, callId: subject };
    case 'result':
      if (fields['preliminary'] === true) return undefined;
      return { kind: 'result', at, callId: subject, ...text('record', fields['record']) };
    default:
      return toRulingFact(control, at);
  }
}

/** A field that counts only where it is text. */
function text<Key extends string>(key: Key, value: JsonValue | undefined): { readonly [K in Key]?: string } {
  return typeof value === 'string' ? ({ [key]: value } as { readonly [K in Key]?: string }) : {};
}

/** A field that counts only where it is a number. */
function number<Key extends string>(
  key: Key,
  value: JsonValue | undefined,
): { readonly [K in Key]?: number } {
  return typeof value === 'number' ? ({ [key]: value } as { readonly [K in Key]?: number }) : {};
}
