import {
  ChannelError,
  type Claims,
  type CreateOperation,
  type Message,
  type Operation,
  type Receipt,
  type Serial,
} from '@holdfast/channel';
import { isRecordKind, mayChange, mayWrite, parseRecord, roleOf } from '@holdfast/core';

export interface AuthorityOptions {
  /** As stamped on what this client publishes. */
  readonly claims: Claims | undefined;
  /** Finds a message's name, as far as it isn't known already. */
  readonly nameOf: (serial: Serial) => Promise<string | undefined>;
}

/**
 * Holds what one client publishes on one channel against the table of session records (P5, I16): who may publish which
 * record, what it may say, and which may change after their create (P3). Messages that are no records are nobody's business.
 */
export interface Authority {
  /**
   * Refuses by throwing, at once where it can.
   *
   * @throws ChannelError `forbidden`, `invalid` for a malformed record
   */
  check(operations: readonly Operation[]): void | Promise<void>;
  /** What was published, so that changing it needs no look into the log. */
  readonly published: (operations: readonly Operation[], receipts: readonly Receipt[]) => void;
}

const MAX_KNOWN = 1024;

export function createAuthority({ claims, nameOf }: AuthorityOptions): Authority {
  const role = roleOf(claims);
  const names = new Map<Serial, string>();

  const learn = (serial: Serial, name: string): void => {
    names.delete(serial);
    names.set(serial, name);
    if (names.size <= MAX_KNOWN) return;
    const [oldest] = names.keys();
    if (oldest !== undefined) names.delete(oldest);
  };

  const checkChange = (operation: Change, name: string): void => {
    if (isRecordKind(name) && !mayChange(role, name))
      forbid(name === 'output' ? `a ${role} may not change output records` : `${name} records never change`);
    const next = operation.action === 'update' ? (operation.draft.name ?? name) : name;
    if (next !== name && (isRecordKind(name) || isRecordKind(next)))
      forbid(`a message named ${name} cannot become one named ${next}`);
  };

  const checkUnknown = async (changes: readonly Change[]): Promise<void> => {
    for (const change of changes) {
      const name = names.get(change.serial) ?? (await nameOf(change.serial));
      // The channel says what is wrong with a serial that nobody knows.
      if (name === undefined) continue;
      learn(change.serial, name);
      checkChange(change, name);
    }
  };

  return {
    check(operations) {
      const unknown: Change[] = [];
      for (const [index, operation] of operations.entries()) {
        switch (operation.action) {
          case 'create':
            if (operation.seals !== undefined && role !== 'agent') forbid(`a ${role} may not seal`);
            checkCreate(operation, `operations[${index}].draft`);
            break;
          case 'append':
          case 'update':
          case 'delete': {
            const name = names.get(operation.serial);
            if (name === undefined) unknown.push(operation);
            else checkChange(operation, name);
            break;
          }
          case 'annotate':
            break;
        }
      }
      return unknown.length === 0 ? undefined : checkUnknown(unknown);
    },
    published(operations, receipts) {
      for (const [index, operation] of operations.entries()) {
        const receipt = receipts[index];
        if (operation.action === 'create' && receipt !== undefined)
          learn(receipt.serial, operation.draft.name);
      }
    },
  };

  function checkCreate({ draft }: CreateOperation, path: string): void {
    const { id, name, data, headers = {} } = draft;
    if (!isRecordKind(name)) return;
    const parsed = parseRecord({ ...NOT_STORED, id, name, data, headers });
    if (parsed.ok) {
      const reason = mayWrite(role, parsed.record);
      if (reason !== undefined) forbid(reason);
    } else if (parsed.reason === 'invalid') {
      throw new ChannelError('invalid', `${path}: ${parsed.message}`, { path });
    }
  }
}

type Change = Exclude<Operation, CreateOperation | { readonly action: 'annotate' }>;

/** What a message has only once it is stored, and no record says. */
const NOT_STORED = { serial: '' as Serial, version: '' as Message['version'], timestamp: 0 };

function forbid(reason: string): never {
  throw new ChannelError('forbidden', `The session's rules: ${reason}.`);
}
