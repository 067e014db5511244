import type { Operation, Receipt, Serial } from '@holdfast/channel';
import type { Engine, Outcome, Publisher } from '@holdfast/channel/engine';

export const ada: Publisher = { clientId: 'ada', connectionId: 'connection-1' };

/** The receipt of the only operation, which must have been taken. */
export function receiptOf([outcome]: readonly Outcome[]): Receipt {
  if (outcome === undefined) throw new Error('There is no outcome.');
  if (!outcome.ok) throw outcome.error;
  return outcome.receipt;
}

export async function create(engine: Engine, channel: string, id: string, data = ''): Promise<Receipt> {
  return receiptOf(
    await engine.commit(channel, ada, [{ action: 'create', draft: { id, name: 'test', data } }]),
  );
}

export function append(serial: Serial, offset: number, data: string): Operation {
  return { action: 'append', serial, offset, data };
}

/** The data of the channel's messages, newest first. */
export async function datas(engine: Engine, channel: string): Promise<readonly unknown[]> {
  return (await engine.page(channel, {})).messages.map(({ data }) => data);
}

/** The ids of the channel's messages, newest first. */
export async function idsOf(engine: Engine, channel: string): Promise<readonly string[]> {
  return (await engine.page(channel, {})).messages.map(({ id }) => id);
}
