import type { Control } from './control.ts';
import { asText, compact } from './fields.ts';
import type { Fact, EndStatus, LogFacts } from './fact.ts';
import { createLogReader, type LogSink } from './log-reader.ts';

/** The facts of a log as `sinkInto` notes them. */
export function collectFacts(log: string, sinkInto: (facts: Fact[]) => LogSink): LogFacts {
  const facts: Fact[] = [];
  const reader = createLogReader(sinkInto(facts));
  reader.push(log);
  return {
    get length() {
      return reader.length;
    },
    facts,
    push(data) {
      const before = facts.length;
      reader.push(data);
      return facts.length > before;
    },
  };
}

/** As `createLogFacts`, but only what decides on what stands and who was answered: `continue`, `end` and `steering`. */
export function createRulingFacts(log: string): LogFacts {
  return collectFacts(log, (facts) => ({
    text() {},
    control(control, _n, at) {
      const fact = toRulingFact(control, at);
      if (fact) facts.push(fact);
    },
  }));
}

const STATUS: ReadonlySet<string> = new Set<EndStatus>([
  'complete',
  'suspended',
  'cancelled',
  'error',
  'lost',
]);

export function toRulingFact([verb, subject, fields = {}]: Control, at: number): Fact | undefined {
  const { length, reason, id } = fields;
  if (typeof subject !== 'string') return undefined;
  if (verb === 'continue')
    return typeof length === 'number' && Number.isSafeInteger(length) && length >= 0
      ? { kind: verb, at, serial: subject, length }
      : undefined;
  if (verb === 'end') {
    // A status from a later version is an end all the same; that is the safe reading.
    const isKnown = STATUS.has(subject);
    return compact<Extract<Fact, { kind: 'end' }>>({
      kind: verb,
      at,
      status: isKnown ? (subject as EndStatus) : 'error',
      reason: asText(isKnown ? reason : (reason ?? subject)),
    });
  }
  return verb === 'put' && subject === 'steering' && typeof id === 'string'
    ? { kind: subject, at, id }
    : undefined;
}
