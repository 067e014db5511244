import { createContentFold } from '../content-fold.ts';
import { compact } from '../fields.ts';
import { parseInput } from '../fold-tool.ts';
import type { Path } from '../growth.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { createLogWriter } from '../log-writer.ts';
import type { Content, Part, ToolPart } from '../part.ts';
import { differences } from './differences.ts';
import { isEqual } from '../equal.ts';
import { at, put } from './place.ts';
import type { Shown } from './shown.ts';
import {
  applyPatch,
  findCall,
  keyOf,
  readDocuments,
  resolve,
  saidBy,
  type Binding,
  type DocumentPatch,
  type StoredDocument,
} from './stored-document.ts';

/** The log of an answer whose turns are documents of a provider, as it is written. */
export interface DocumentLog {
  /** What the log says so far. */
  readonly content: Content;
  /** The document that is being written, as the log has it; undefined before the first one. */
  readonly document: JsonValue | undefined;
  /** A new document, and with it a new step, begins. */
  begin(): void;
  /**
   * Writes what makes the log show this document: first the parts that everybody is shown, then the rest. The document is
   * not kept.
   */
  show(document: JsonValue, shown: readonly Shown[]): void;
  /** Adds text to a string of the document that is shown and still open; false where there is none. */
  grow(path: Path, text: string): boolean;
  control(verb: string, subject: JsonValue, fields?: JsonObject): void;
  /** Closes what is open, and settles the calls that nothing else will settle. */
  settle(reason: string): void;
  take(): string;
}

export interface DocumentLogOptions {
  /** What stands of the log already. */
  readonly log: string;
  /** Names the documents' `raw` parts. */
  readonly mark: string;
}

const INVALID = 'The input is not valid JSON.';
/** A value that is no longer than this as JSON is not worth a binding. */
const SHORT = 40;

export function createDocumentLog({ log, mark }: DocumentLogOptions): DocumentLog {
  const writer = createLogWriter(log);
  const fold = createContentFold();
  fold.push(log);
  let waiting = '';
  /** Numbers of the open parts, by where their text lies in the document. */
  let open = new Map<string, number>();

  const read = (): Content => {
    writer.flush();
    const more = writer.take();
    waiting += more;
    if (more !== '') fold.push(more);
    return fold.content;
  };
  const current = (): StoredDocument | undefined => readDocuments(read().parts, mark).documents.at(-1);
  const control = (verb: string, subject: JsonValue, fields: JsonObject = {}): void =>
    writer.control(Object.keys(fields).length > 0 ? [verb, subject, fields] : [verb, subject]);
  const raw = (patch: DocumentPatch): void => control('raw', patch as JsonObject, { of: mark });

  const stored = current();
  for (const [key, binding] of stored?.bindings ?? []) {
    const part = 'n' in binding ? stored?.parts.find(({ n }) => n === binding.n) : undefined;
    if (part?.n !== undefined && isOpen(part)) open.set(key, part.n);
  }

  /** Opens what is not there yet, lets it grow, and closes what is done. Returns what is bound by that. */
  const stream = (document: JsonValue, each: Streamed, known: StoredDocument): Binding[] => {
    const key = keyOf(each.at);
    const value = at(document, each.at);
    const isCall = each.is === 'call';
    const before = isCall ? findCall(known.parts, each.id) : undefined;
    const isText = typeof value === 'string';
    const bound: Binding[] = [];
    let n = open.get(key) ?? before?.n;
    const isNew = !known.shown.has(key) && (before === undefined || before.state === 'input');
    if (isCall && before === undefined)
      n = writer.open('input', compact({ id: each.id, name: each.name, by: each.by, as: each.as }));
    if (isNew && isText) {
      n ??= writer.open(each.is);
      open.set(key, n);
      bound.push({ at: each.at, n, ...(isCall && each.as !== undefined && { as: each.as }) });
      writer.text(n, value);
    } else if (isText && open.has(key) && n !== undefined) {
      const binding = known.bindings.get(key);
      const said = binding === undefined ? undefined : saidBy(binding, known.parts);
      if (typeof said === 'string' && value.startsWith(said)) writer.text(n, value.slice(said.length));
    }
    if (!each.isDone || n === undefined) return bound;
    if (!isCall) {
      if (open.delete(key)) control('close', n);
    } else if (before === undefined || before.state === 'input') {
      open.delete(key);
      complete(each, n, value, known);
    }
    return bound;
  };

  const complete = (
    call: Extract<Shown, { is: 'call' }>,
    n: number,
    value: JsonValue | undefined,
    { bindings }: StoredDocument,
  ): void => {
    const { id, input, as } = call;
    // What the input was written like is lost with the next control; no reader may see it spelled otherwise in between.
    if (
      typeof value === 'string' &&
      bindings.has(keyOf(call.at)) &&
      (input !== undefined || !isSpelled(value, as))
    )
      raw({ set: [[call.at, value]] });
    if (input !== undefined) control('call', id, { n, input });
    else if (typeof value !== 'string') control('call', id, { n, input: value ?? null });
    else if (value === '' && as !== 'text') control('call', id, { n, input: {} });
    else if (as === 'text' || !isInvalid(value)) control('call', id, { n });
    else control('miscall', id, { n, input: value, error: INVALID });
  };

  const tell = (document: JsonValue, each: Told, parts: readonly Part[]): void => {
    if (each.is === 'control') return control(each.verb, each.subject, each.fields);
    if (each.is === 'part') {
      const isTold = parts.some((part) => part.type === each.kind && part.id === each.id);
      if (!isTold) control('put', each.kind, { id: each.id, ...each.fields });
      return;
    }
    const part = findCall(parts, each.is === 'ask' ? each.call : each.id);
    if (part === undefined) return;
    if (each.is === 'ask') {
      if (part.approval === undefined) control('ask', each.id, { tool: each.call });
    } else if (each.is === 'failure') {
      if (part.state !== 'error') control('result', each.id, { error: each.error });
    } else {
      const output = 'at' in each ? at(document, each.at) : each.output;
      const isTold = part.state === 'result' && isEqual(part.output, output);
      if (output !== undefined && !isTold) control('result', each.id, { output });
    }
  };

  return {
    get content() {
      return read();
    },
    get document() {
      const now = current();
      return now === undefined ? undefined : resolve(now);
    },
    begin() {
      open = new Map();
      control('step', 'start');
      raw({ begin: true });
    },
    show(document, shown) {
      const known = current();
      if (known === undefined) throw new Error('A document is shown after it was begun.');
      const bound: Binding[] = [];
      for (const each of shown) if (isStreamed(each)) bound.push(...stream(document, each, known));
      const streamed = current() ?? known;
      for (const each of shown) if (!isStreamed(each)) tell(document, each, streamed.parts);
      const now = current() ?? known;
      bound.push(...valuesOf(document, shown, now));
      const patch = patchTo(document, now, bound);
      if (patch !== undefined) raw(patch);
      read();
    },
    grow(path, text) {
      const n = open.get(keyOf(path));
      if (n !== undefined) writer.text(n, text);
      return n !== undefined;
    },
    control,
    settle(reason) {
      open = new Map();
      for (const part of read().parts) {
        if (part.type === 'tool') {
          if (part.state === 'denied') {
            if (part.settled !== true) control('result', part.callId, { denied: true });
          } else if (part.state !== 'result' && part.state !== 'error')
            control('result', part.callId, { error: reason });
        } else if (part.n !== undefined && isOpen(part)) control('close', part.n);
      }
    },
    take() {
      // A half of a surrogate pair goes on waiting for the other one.
      const more = writer.take();
      if (more !== '') fold.push(more);
      const taken = waiting + more;
      waiting = '';
      return taken;
    },
  };
}

type Streamed = Extract<Shown, { is: 'text' | 'reasoning' | 'call' }>;
type Told = Exclude<Shown, Streamed>;

function isStreamed(each: Shown): each is Streamed {
  return each.is === 'text' || each.is === 'reasoning' || each.is === 'call';
}

function isOpen(part: Part): boolean {
  return part.type === 'tool'
    ? part.state === 'input'
    : (part.type === 'text' || part.type === 'reasoning') && part.state === 'streaming';
}

function isInvalid(text: string): boolean {
  const parsed = parseInput(text);
  return typeof parsed === 'string' && JSON.stringify(parsed) !== text.trim();
}

/** Whether an input is written as it would be from what it says. */
function isSpelled(text: string, as: 'text' | undefined): boolean {
  return as === 'text' || JSON.stringify(parseInput(text)) === text;
}

/** The values of calls that the document has too, where that is worth it. */
function valuesOf(
  document: JsonValue,
  shown: readonly Shown[],
  { bindings, parts }: StoredDocument,
): readonly Binding[] {
  return shown.flatMap((each) => {
    if ((each.is !== 'result' && each.is !== 'call') || !('at' in each) || bindings.has(keyOf(each.at)))
      return [];
    const value = at(document, each.at);
    const field = each.is === 'call' ? 'input' : 'output';
    if (value === undefined || (field === 'input' && typeof value === 'string')) return [];
    const part: ToolPart | undefined = findCall(parts, each.id);
    const isWorthIt = JSON.stringify(value).length > SHORT && isEqual(part?.[field], value);
    return isWorthIt ? [{ at: each.at, call: each.id, field }] : [];
  });
}

/** What makes the stored document this one, with more of it bound; undefined where nothing has to be said. */
function patchTo(
  document: JsonValue,
  known: StoredDocument,
  bound: readonly Binding[],
): DocumentPatch | undefined {
  const { parts } = known;
  const all = new Map([...known.bindings, ...bound.map((each) => [keyOf(each.at), each] as const)]);
  const literal: (readonly [Path, JsonValue])[] = [];
  let rest = document;
  for (const [key, binding] of all) {
    const value = at(document, binding.at);
    if (value !== undefined && isEqual(saidBy(binding, parts), value)) rest = put(rest, binding.at, null);
    else {
      all.delete(key);
      if (value !== undefined && known.bindings.has(key)) literal.push([binding.at, value]);
    }
  }
  const { set, drop } = differences(known.rest, rest);
  const patch = {
    drop,
    set: [...set, ...literal.filter(([path]) => !set.some(([other]) => isEqual(other, path)))],
  };
  const kept = applyPatch(known, patch as unknown as JsonObject).bindings;
  // What was written anew takes its bindings with it.
  const lost = [...all.values()].filter((each) => !kept.has(keyOf(each.at)));
  const text = lost.flatMap((each) =>
    'n' in each ? [[each.at, each.n, ...(each.as === undefined ? [] : [each.as])] as const] : [],
  );
  const value = lost.flatMap((each) => ('call' in each ? [[each.at, each.call, each.field] as const] : []));
  const said = Object.entries({ ...patch, text, value }).filter(([, list]) => list.length > 0);
  return said.length === 0 ? undefined : (Object.fromEntries(said) as DocumentPatch);
}
