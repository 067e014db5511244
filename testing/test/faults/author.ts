import { isChannelError, type Channel, type Operation, type Receipt, type Serial } from '@holdfast/channel';
import { setTimeout as pass } from 'node:timers/promises';
import { lastWordOf, type Script } from './script.ts';

const NOTE = 'seen:total.v1';

export interface Stage {
  readonly channel: Channel;
  /** Hears of each operation that was acknowledged. */
  readonly acknowledged: (receipt: Receipt) => void;
  /** Hears of each that had to be asked for again. */
  readonly retried: () => void;
}

/** Plays a script as an agent would: whatever may be tried again is, until there is a receipt for everything. */
export async function play(script: Script, stage: Stage): Promise<Serial> {
  const { id, deltas, pace, notes, ending } = script;
  const { serial } = await insist(stage, { action: 'create', draft: { id, name: 'note', data: '' } });
  const offsets = offsetsOf(deltas);
  for (let done = 0; done < deltas.length;) {
    const batch = deltas.slice(done, done + pace);
    const results = await Promise.allSettled(
      batch.map((data, index) =>
        send(stage, { action: 'append', serial, data, offset: offsets[done + index] ?? 0 }),
      ),
    );
    const failed = results.findIndex(({ status }) => status === 'rejected');
    // What was sent after one that failed may have failed for want of it.
    await mayRetry(results[failed], stage);
    const before = done;
    done += failed < 0 ? batch.length : failed;
    for (const [index, after] of notes.entries())
      if (after >= before && after < done)
        await insist(stage, {
          action: 'annotate',
          serial,
          annotation: { action: 'add', id: `${id} ${index}`, type: NOTE },
        });
  }
  if (ending === 'replaced')
    await insist(stage, { action: 'update', serial, draft: { data: lastWordOf(script) } });
  if (ending === 'deleted') await insist(stage, { action: 'delete', serial });
  return serial;
}

export function notesOn(summary: { readonly types: Readonly<Record<string, unknown>> } | undefined): unknown {
  return summary?.types[NOTE] ?? { total: 0 };
}

async function send({ channel, acknowledged }: Stage, operation: Operation): Promise<Receipt> {
  const [receipt] = await channel.publish(operation);
  if (receipt === undefined) throw new Error('There is no receipt.');
  acknowledged(receipt);
  return receipt;
}

async function insist(stage: Stage, operation: Operation): Promise<Receipt> {
  for (;;) {
    const [result] = await Promise.allSettled([send(stage, operation)]);
    if (result.status === 'fulfilled') return result.value;
    await mayRetry(result, stage);
  }
}

/** Throws what trying again can't mend. */
async function mayRetry(
  result: PromiseSettledResult<unknown> | undefined,
  { retried }: Stage,
): Promise<void> {
  if (result?.status !== 'rejected') return;
  const { reason } = result;
  if (!isChannelError(reason) || !reason.retryable) throw reason;
  retried();
  await pass(5);
}

function offsetsOf(deltas: readonly string[]): readonly number[] {
  let length = 0;
  return deltas.map((delta) => (length += delta.length) - delta.length);
}
