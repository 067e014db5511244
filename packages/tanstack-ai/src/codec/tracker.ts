import type { AnyEvent } from './any-event.ts';

/** What a reader knows of a message beside what it shows: a delta goes on only with this. */
export interface Known {
  /** The text to which the next delta is added. */
  segment: string;
  /** Calls that take deltas, with the arguments so far. */
  readonly calls: Map<string, string>;
  /** Text of each step of reasoning. */
  readonly steps: Map<string, string>;
  isStructured: boolean;
}

/** Follows the part of a reader's state that no message shows, by the events that the reader is given. */
export interface Tracker {
  readonly known: Map<string, Known>;
  /** The step that reasoning goes to. */
  step: string | undefined;
  observe(event: AnyEvent): void;
  /** The reader has forgotten all this. */
  reset(): void;
}

export function createTracker(): Tracker {
  const known = new Map<string, Known>();
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const of = (id: unknown): Known => {
    const found = known.get(text(id));
    if (found !== undefined) return found;
    const added: Known = { segment: '', calls: new Map(), steps: new Map(), isStructured: false };
    known.set(text(id), added);
    return added;
  };
  const last = (): Known => [...known.values()].at(-1) ?? of('');
  const ownerOf = (call: string): Known | undefined =>
    [...known.values()].find(({ calls }) => calls.has(call));

  return {
    known,
    step: undefined,
    observe(event) {
      const { type, messageId, toolCallId, parentMessageId, delta, value } = event;
      const call = text(toolCallId);
      switch (type) {
        case 'TEXT_MESSAGE_START':
          of(messageId);
          return;
        case 'TEXT_MESSAGE_CONTENT':
          of(messageId).segment += text(delta);
          return;
        case 'TOOL_CALL_START': {
          const owner = of(parentMessageId);
          owner.segment = '';
          if (!owner.calls.has(call)) owner.calls.set(call, '');
          return;
        }
        case 'TOOL_CALL_ARGS': {
          const { calls } = ownerOf(call) ?? {};
          calls?.set(call, (calls.get(call) ?? '') + text(delta));
          return;
        }
        case 'STEP_STARTED':
          this.step = text(event['stepName']);
          if (known.size > 0) setMissing(last().steps, this.step);
          return;
        case 'REASONING_MESSAGE_CONTENT': {
          const { steps } = last();
          const step = (this.step ??= text(messageId));
          steps.set(step, (steps.get(step) ?? '') + text(delta));
          return;
        }
        case 'CUSTOM':
          if (event['name'] === 'structured-output.start')
            of(Reflect.get(Object(value), 'messageId')).isStructured = true;
          if (event['name'] === 'structured-output.complete')
            of(Reflect.get(Object(value), 'messageId')).isStructured = false;
          return;
        case 'MESSAGES_SNAPSHOT':
          this.reset();
      }
    },
    reset() {
      known.clear();
      this.step = undefined;
    },
  };
}

function setMissing(steps: Map<string, string>, step: string): void {
  if (!steps.has(step)) steps.set(step, '');
}
