import { isChannelError } from '@holdfast/channel';
import type {
  AnnotationDraft,
  Channel,
  ChannelErrorCode,
  Draft,
  JsonValue,
  Operation,
  Receipt,
  Serial,
  UpdateOperation,
} from '@holdfast/channel';
import { describeError } from '../law/report.ts';
import { holds, violated } from '../law/violation.ts';
import { insist } from './retry.ts';

export function draft(id: string, data: JsonValue = '', rest: Partial<Draft> = {}): Draft {
  return { id, name: 'note', data, ...rest };
}

/** Publishes as a writer should, see {@link insist}. */
export function publish(
  channel: Channel,
  operations: Operation | readonly Operation[],
): Promise<readonly Receipt[]> {
  return insist(() => channel.publish(operations));
}

/** Publishes one operation and gives its receipt. */
export async function act(channel: Channel, operation: Operation): Promise<Receipt> {
  const receipts = await publish(channel, operation);
  const [receipt] = receipts;
  holds(
    receipt !== undefined && receipts.length === 1,
    `one operation was published, ${receipts.length} receipts came`,
  );
  return receipt;
}

export function create(channel: Channel, what: Draft): Promise<Receipt> {
  return act(channel, { action: 'create', draft: what });
}

export function append(channel: Channel, serial: Serial, data: string, offset: number): Promise<Receipt> {
  return act(channel, { action: 'append', serial, data, offset });
}

export function update(
  channel: Channel,
  serial: Serial,
  draftOfUpdate: UpdateOperation['draft'],
): Promise<Receipt> {
  return act(channel, { action: 'update', serial, draft: draftOfUpdate });
}

export function remove(channel: Channel, serial: Serial): Promise<Receipt> {
  return act(channel, { action: 'delete', serial });
}

export function annotate(channel: Channel, serial: Serial, annotation: AnnotationDraft): Promise<Receipt> {
  return act(channel, { action: 'annotate', serial, annotation });
}

/** `promise` must reject with a ChannelError, of one of `codes` where any are given. */
export async function refused(
  promise: Promise<unknown>,
  what: string,
  ...codes: readonly ChannelErrorCode[]
): Promise<void> {
  const wanted = codes.length === 0 ? 'a ChannelError' : codes.join(' or ');
  try {
    await promise;
  } catch (error) {
    if (!isChannelError(error)) violated(`${what}: expected ${wanted}, got ${describeError(error)}`);
    holds(
      codes.length === 0 || codes.includes(error.code),
      `${what}: expected ${wanted}, got ${error.code} (${error.message})`,
    );
    return;
  }
  violated(`${what}: expected ${wanted}, but it was accepted`);
}
