import type { Control, JsonObject } from '@holdfast/codec';
import { pick } from './fields.ts';
import { findAsked, findData, type LogState, type Slot } from './log-state.ts';

/**
 * What a writer needn't say again: the fields that stand beside a text (by its part's number), of a call, and beside the
 * last value of a slot.
 */
export type Said = Map<string | number, JsonObject>;

export function callKey(id: string): string {
  return `call ${id}`;
}

export function slotKey(of: Slot['of']): string {
  return JSON.stringify(of);
}

/** Notes what a control says; `state` is that before it, and `n` the number of the part that it opens. */
export function note(said: Said, state: LogState, [verb, subject, fields = {}]: Control, n: number): void {
  const add = (key: string | number, more: JsonObject): void => {
    said.set(key, { ...said.get(key), ...more });
  };
  const begin = (id: string, more: JsonObject): void => {
    said.set(callKey(id), pick(more, 'name', 'by', 'dynamic', 'x', 'pm'));
    said.delete(slotKey(id));
  };
  switch (verb) {
    case 'open':
      said.set(n, pick(fields, 'pm', 'x'));
      if (subject === 'input' && typeof fields['id'] === 'string') begin(fields['id'], fields);
      return;
    case 'on':
      if (typeof subject === 'number') add(subject, fields);
      return;
    case 'call':
    case 'miscall':
      if (typeof subject !== 'string') return;
      return begin(subject, 'n' in fields ? { ...said.get(callKey(subject)), ...fields } : fields);
    case 'answer': {
      const call = findAsked(state, subject);
      if (call !== undefined) add(callKey(call.of), pick(fields, 'by', 'pm'));
      return;
    }
    case 'result':
      if (typeof subject !== 'string') return;
      said.set(slotKey(subject), fields);
      return add(callKey(subject), pick(fields, 'by', 'x'));
    case 'put': {
      const { name, id, data: _data, ...rest } = fields;
      const isFirst = subject === 'data' && findData(state, name, id) === undefined;
      if (isFirst && typeof name === 'string' && typeof id === 'string') {
        said.set(slotKey([name, id]), { name, id, ...rest });
      }
    }
  }
}
