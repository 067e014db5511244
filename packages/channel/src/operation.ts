import type { AnnotationDraft } from './annotation.ts';
import type { Serial, Version } from './ids.ts';
import type { Draft, Headers } from './message.ts';
import type { JsonValue } from './json.ts';

/** Stores a new message. `seals` names an earlier message that refuses every change from then on, atomically with the create. */
export interface CreateOperation {
  readonly action: 'create';
  readonly draft: Draft;
  readonly seals?: Serial;
}

/** Grows a message whose `data` is a string. `offset` is the length in UTF-16 code units that the publisher appends at. */
export interface AppendOperation {
  readonly action: 'append';
  readonly serial: Serial;
  readonly data: string;
  readonly offset: number;
}

/** Replaces what a message says; its serial, id, author and creation time stay. */
export interface UpdateOperation {
  readonly action: 'update';
  readonly serial: Serial;
  readonly draft: { readonly name?: string; readonly data: JsonValue; readonly headers?: Headers };
}

/** Leaves a tombstone. */
export interface DeleteOperation {
  readonly action: 'delete';
  readonly serial: Serial;
}

export interface AnnotateOperation {
  readonly action: 'annotate';
  readonly serial: Serial;
  readonly annotation: AnnotationDraft;
}

export type Operation =
  CreateOperation | AppendOperation | UpdateOperation | DeleteOperation | AnnotateOperation;

/** Proof that an operation is stored, as durably as the adapter's documentation promises. */
export interface Receipt {
  /** Of the message that was created or changed. */
  readonly serial: Serial;
  /** Of the change; for an operation that had taken effect before, of the message as it stood then or stands now. */
  readonly version: Version;
}
