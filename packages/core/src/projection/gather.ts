import type { Message } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import type { MessageId, RecordId, RunId } from '../ids.ts';
import { isSameAuthor } from '../records/authority.ts';
import { questionOf } from './entry.ts';
import type { ClaimEntry, Entry, FloorEntry, StateEntry } from './entry.ts';
import { isEqual } from './equal.ts';
import { judge } from './judge.ts';
import type { Stored } from './stored.ts';
import { createRunNode } from './run-node.ts';
import type { RunNode } from './run-node.ts';
import type { RecordRefusal, RefusalCode } from './types.ts';

/** A node whose record is loaded. */
export type Origin = RunNode & Required<Pick<RunNode, 'origin'>>;

/** The records of a log by what they are about. All lists are by serial. */
export interface Gathered {
  /** What counts under each record id: of several messages the one with the lowest serial (P4). */
  readonly heads: ReadonlyMap<string, Stored>;
  readonly nodes: ReadonlyMap<RunId, RunNode>;
  /** Runs whose record is loaded, whether or not it counts. */
  readonly origins: readonly Origin[];
  /** The same by the message that they say, or ask to be answered. */
  readonly about: ReadonlyMap<MessageId, readonly Origin[]>;
  readonly claims: readonly ClaimEntry[];
  readonly floors: readonly FloorEntry[];
  readonly states: readonly StateEntry[];
  readonly refusals: RecordRefusal[];
}

/** `messages` are by serial. */
export function gather(messages: readonly Stored[]): Gathered {
  const heads = new Map<string, Stored>();
  const nodes = new Map<RunId, RunNode>();
  const about = new Map<MessageId, Origin[]>();
  const origins: Origin[] = [];
  const claims: ClaimEntry[] = [];
  const floors: FloorEntry[] = [];
  const states: StateEntry[] = [];
  const refusals: RecordRefusal[] = [];

  const at = <Id extends string>(id: Id): RunNode => {
    const run = id as string as RunId;
    const node = nodes.get(run) ?? createRunNode(run);
    nodes.set(run, node);
    return node;
  };
  const file = (entry: Entry): void => {
    switch (entry.kind) {
      case 'input':
        if (entry.record.replaces !== undefined) at(entry.record.replaces).replacers.push(entry);
        break;
      case 'steer':
        at(entry.record.run).steers.push(entry);
        break;
      case 'regenerate':
        break;
      case 'cancel':
        return void at(entry.record.run).cancels.push(entry);
      case 'answer':
        return void at(entry.record.run).answers.push(entry);
      case 'state':
        return void states.push(entry);
      case 'floor':
        return void floors.push(entry);
      case 'output':
        at(entry.run).claims.push(entry);
        return void claims.push(entry);
    }
    const node = Object.assign(at(entry.message.id), { origin: entry });
    const question = questionOf(entry);
    origins.push(node);
    const known = about.get(question);
    if (known) known.push(node);
    else about.set(question, [node]);
  };

  for (const stored of messages) {
    const { message } = stored;
    const head = heads.get(message.id);
    if (head) {
      if (!isRepeat(head, stored)) refusals.push(refuse(message, 'conflict', 'another record has this id'));
      continue;
    }
    heads.set(message.id, stored);
    const judged = (stored.judged ??= judge(stored));
    if (judged.kind === 'refused') refusals.push(refuse(message, judged.code, judged.message));
    else if (judged.kind !== 'unknown' && judged.kind !== 'gone') file(judged);
  }
  return { heads, nodes, origins, about, claims, floors, states, refusals };
}

export function refuse(
  { serial, id, name: kind, clientId }: Message,
  code: RefusalCode,
  message: string,
): RecordRefusal {
  return compact<RecordRefusal>({ serial, record: id as string as RecordId, kind, clientId, code, message });
}

/** The same publisher saying the same again. An output's data is left out: it grows. */
function isRepeat({ message: a }: Stored, { message: b }: Stored): boolean {
  return (
    isSameAuthor(a, b) &&
    a.name === b.name &&
    isEqual(a.headers, b.headers) &&
    (a.name === 'output' || isEqual(a.data, b.data))
  );
}
