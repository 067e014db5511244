import { annotationMethod, foldAnnotation, methodRules } from '../annotations.ts';
import { messageBytes, textBytes } from '../size.ts';
import type { Annotation } from '../annotation.ts';
import { ChannelError, type ChannelErrorCode } from '../errors.ts';
import type { Serial, Version } from '../ids.ts';
import type { Message } from '../message.ts';
import type { AnnotateOperation, AppendOperation, CreateOperation, Operation } from '../operation.ts';
import { encodePosition, encodeSerial, encodeVersion, type HybridClock } from './clock.ts';
import { fingerprint } from './fingerprint.ts';
import { isSameAnnotation } from './same-annotation.ts';
import type { Change, Outcome, Publisher } from './port.ts';

/** A message with what an engine must know beside it. */
export interface Stored {
  readonly message: Message;
  /** The version of its last change that was no append and no annotation. */
  readonly rewritten: Version;
  /** The version of its last change of any kind: what catching up goes by. */
  readonly changed: Version;
  /** Who alone may change it. */
  readonly owner: string;
  readonly fingerprint: string;
  /** What counts towards the size limit. */
  readonly bytes: number;
}

/** The state before a commit, as far as the commit asks. */
export interface CommitView {
  find(serial: Serial): Stored | undefined;
  findById(id: string): Stored | undefined;
  /** An annotation that is stored already. */
  findAnnotation(serial: Serial, id: string): Annotation | undefined;
}

/** What to store, in order. */
export type Write =
  | { readonly kind: 'create' | 'replace'; readonly stored: Stored }
  | { readonly kind: 'append'; readonly stored: Stored; readonly data: string; readonly offset: number }
  | { readonly kind: 'annotate'; readonly stored: Stored; readonly annotation: Annotation };

export interface CommitContext {
  readonly epoch: string;
  /** As in `ChannelFeatures`. */
  readonly maxMessageBytes: number;
  readonly clock: HybridClock;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface CommitPlan {
  readonly outcomes: readonly Outcome[];
  readonly writes: readonly Write[];
  readonly changes: readonly Change[];
}

/**
 * What operations of one publisher do, decided without storing anything. Arrays of creates are planned whole or not at
 * all; others stop at the first refusal.
 */
export function planCommit(
  view: CommitView,
  publisher: Publisher,
  operations: readonly Operation[],
  context: CommitContext,
): CommitPlan {
  const plan = new Plan(view, publisher, context);
  for (const operation of operations) {
    try {
      plan.apply(operation);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      const refused: Outcome = { ok: false, error };
      if (operations.every(({ action }) => action === 'create'))
        return { outcomes: [refused], writes: [], changes: [] };
      return { ...plan.result(), outcomes: [...plan.result().outcomes, refused] };
    }
  }
  return plan.result();
}

/** Who alone may change what this publisher creates. */
export function ownerOf({ clientId, connectionId }: Publisher): string {
  return clientId === undefined ? `connection:${connectionId}` : `client:${clientId}`;
}

class Plan {
  readonly #view: CommitView;
  readonly #publisher: Publisher;
  readonly #context: CommitContext;
  readonly #outcomes: Outcome[] = [];
  readonly #writes: Write[] = [];
  readonly #changes: Change[] = [];
  readonly #bySerial = new Map<Serial, Stored>();
  readonly #byId = new Map<string, Stored>();
  readonly #annotations = new Map<string, Annotation>();

  constructor(view: CommitView, publisher: Publisher, context: CommitContext) {
    this.#view = view;
    this.#publisher = publisher;
    this.#context = context;
  }

  result(): CommitPlan {
    return { outcomes: this.#outcomes, writes: this.#writes, changes: this.#changes };
  }

  apply(operation: Operation): void {
    switch (operation.action) {
      case 'create':
        return this.#create(operation);
      case 'append':
        return this.#append(operation);
      case 'update': {
        const { message } = this.#own(operation.serial);
        const { name = message.name, data, headers = message.headers } = operation.draft;
        this.#fit(messageBytes({ id: message.id, name, data, headers }));
        return this.#replace(operation.serial, { name, data, headers });
      }
      case 'delete': {
        const stored = this.#own(operation.serial, 'deleted');
        if (stored.message.deleted === true) return this.#repeat(stored);
        return this.#replace(operation.serial, { data: '', headers: {}, deleted: true });
      }
      case 'annotate':
        return this.#annotate(operation);
    }
  }

  #create(operation: CreateOperation): void {
    const { draft, seals } = operation;
    const print = fingerprint(operation);
    const owner = ownerOf(this.#publisher);
    const before = this.#byId.get(draft.id) ?? this.#view.findById(draft.id);
    if (before !== undefined) {
      if (before.owner === owner && before.fingerprint === print) return this.#repeat(before);
      refuse(
        'conflict',
        `The id ${JSON.stringify(draft.id)} was used for another message. Ids are for one message each.`,
      );
    }
    const sealed = seals === undefined ? undefined : this.#find(seals);
    const bytes = this.#fit(messageBytes(draft));
    const tick = this.#context.clock.next();
    const serial = encodeSerial(tick);
    const version = encodeVersion(tick);
    const { clientId, claims } = this.#publisher;
    const message: Message = {
      serial,
      version,
      id: draft.id,
      name: draft.name,
      data: draft.data,
      headers: draft.headers ?? {},
      timestamp: this.#context.now,
      ...(clientId === undefined ? {} : { clientId }),
      ...(claims === undefined ? {} : { claims }),
    };
    this.#put({
      kind: 'create',
      stored: { message, rewritten: version, changed: version, owner, fingerprint: print, bytes },
    });
    this.#changes.push({ kind: 'message', message, position: this.#position(tick) });
    this.#outcomes.push({ ok: true, receipt: { serial, version } });
    if (sealed !== undefined && sealed.message.sealed !== true)
      this.#rewrite(sealed, { sealed: true }, this.#context.clock.next());
  }

  #append({ serial, data, offset }: AppendOperation): void {
    const stored = this.#own(serial);
    const { message } = stored;
    if (typeof message.data !== 'string')
      refuse('invalid', 'Only a message whose data is a string can be appended to.', 'serial');
    const { length } = message.data;
    if (data === '' && offset <= length) return this.#repeat(stored);
    if (offset !== length) {
      if (message.data.slice(offset, offset + data.length) === data) return this.#repeat(stored);
      refuse('conflict', `The append is for offset ${offset}, but the message is ${length} code units long.`);
    }
    const bytes = this.#fit(stored.bytes + textBytes(data));
    const tick = this.#context.clock.next();
    const version = encodeVersion(tick);
    const next: Stored = {
      ...stored,
      bytes,
      changed: version,
      message: { ...message, version, data: message.data + data },
    };
    this.#put({ kind: 'append', stored: next, data, offset });
    this.#changes.push({ kind: 'append', serial, version, data, offset, position: this.#position(tick) });
    this.#outcomes.push({ ok: true, receipt: { serial, version } });
  }

  #annotate({ serial, annotation: draft }: AnnotateOperation): void {
    const stored = this.#find(serial);
    if (stored.message.deleted === true) refuse('not_found', 'The message was deleted.');
    const key = `${serial} ${draft.id}`;
    const before = this.#annotations.get(key) ?? this.#view.findAnnotation(serial, draft.id);
    const { clientId } = this.#publisher;
    if (before !== undefined) {
      if (!isSameAnnotation(before, draft, clientId))
        refuse('conflict', `The id ${JSON.stringify(draft.id)} was used for another annotation.`);
      return void this.#outcomes.push({ ok: true, receipt: { serial, version: before.version } });
    }
    const method = annotationMethod(draft.type);
    if (method !== undefined && methodRules(method).identified && clientId === undefined)
      refuse('forbidden', `Annotations of the method ${method} need an identified client.`);
    const tick = this.#context.clock.next();
    const version = encodeVersion(tick);
    const types = stored.message.annotations?.types ?? {};
    const summary = { version, types: foldAnnotation(types, draft, clientId) };
    const annotation: Annotation = {
      ...draft,
      serial,
      version,
      timestamp: this.#context.now,
      ...(clientId === undefined ? {} : { clientId }),
    };
    this.#annotations.set(key, annotation);
    const next: Stored = {
      ...stored,
      changed: version,
      message: { ...stored.message, annotations: summary },
    };
    this.#put({ kind: 'annotate', stored: next, annotation });
    this.#changes.push({ kind: 'annotations', serial, summary, position: this.#position(tick) });
    this.#outcomes.push({ ok: true, receipt: { serial, version } });
  }

  #replace(serial: Serial, fields: Partial<Message>): void {
    const tick = this.#context.clock.next();
    this.#rewrite(this.#find(serial), fields, tick);
    this.#outcomes.push({ ok: true, receipt: { serial, version: encodeVersion(tick) } });
  }

  #rewrite(stored: Stored, fields: Partial<Message>, tick: number): void {
    const version = encodeVersion(tick);
    const message: Message = { ...stored.message, ...fields, version };
    const bytes = messageBytes(message);
    this.#put({
      kind: 'replace',
      stored: { ...stored, bytes, rewritten: version, changed: version, message },
    });
    this.#changes.push({ kind: 'message', message, position: this.#position(tick) });
  }

  #fit(bytes: number): number {
    const { maxMessageBytes } = this.#context;
    if (bytes > maxMessageBytes)
      refuse(
        'too_large',
        `The message would have ${bytes} bytes; this channel stores at most ${maxMessageBytes}.`,
      );
    return bytes;
  }

  #repeat({ message }: Stored): void {
    this.#outcomes.push({ ok: true, receipt: { serial: message.serial, version: message.version } });
  }

  #find(serial: Serial): Stored {
    return (
      this.#bySerial.get(serial) ??
      this.#view.find(serial) ??
      refuse('not_found', `No message has the serial ${JSON.stringify(serial)}.`)
    );
  }

  /** The message, if this publisher may change it. */
  #own(serial: Serial, allow?: 'deleted'): Stored {
    const stored = this.#find(serial);
    if (stored.owner !== ownerOf(this.#publisher))
      refuse('forbidden', 'Only its creator may change a message.');
    if (stored.message.deleted === true && allow === undefined)
      refuse('not_found', 'The message was deleted.');
    if (stored.message.sealed === true)
      refuse('sealed', 'The message was sealed by a later one: its writer was replaced.');
    return stored;
  }

  #put(write: Write): void {
    this.#writes.push(write);
    this.#bySerial.set(write.stored.message.serial, write.stored);
    this.#byId.set(write.stored.message.id, write.stored);
  }

  #position(tick: number) {
    return encodePosition(this.#context.epoch, tick);
  }
}

function refuse(code: ChannelErrorCode, message: string, path?: string): never {
  throw new ChannelError(code, message, path === undefined ? {} : { path });
}
