import type { Receipt } from '@holdfast/channel';
import type { Engine, Publisher } from '@holdfast/channel/engine';
import { append, receiptOf } from './acts.ts';

const CHANNELS = ['support', 'sales\ud83d\0'];
const WRITERS = 6;

/** What a writer was told is stored. */
export interface Acknowledged {
  readonly channel: string;
  readonly id: string;
  readonly action: 'create' | 'append' | 'annotate' | 'update' | 'delete';
  /** How long the message's text was then, in UTF-16 code units. */
  readonly length: number;
  readonly receipt: Receipt;
}

/** What messages say: so long as one was neither updated nor deleted, its data is a beginning of this. */
export function textOf(id: string, length: number): string {
  let text = '';
  for (let index = 0; text.length < length; index += 1) text += `${id}:${index}\0\ud83d\ude00;`;
  return text.slice(0, length);
}

/** What an update leaves. */
export function lastWordOf(id: string): string {
  return `${id} was replaced`;
}

/** Writers that create, grow, annotate, replace and delete messages, all at once, until the process ends. */
export async function write(
  engine: Engine,
  round: number,
  tell: (acknowledged: Acknowledged) => void,
): Promise<void> {
  await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) => writeOne(engine, { round, writer }, tell)),
  );
}

async function writeOne(
  engine: Engine,
  { round, writer }: { readonly round: number; readonly writer: number },
  tell: (acknowledged: Acknowledged) => void,
): Promise<void> {
  const channel = CHANNELS[writer % CHANNELS.length] ?? '';
  const publisher: Publisher = { clientId: `writer ${writer}`, connectionId: `${round}` };
  for (let index = 0; ; index += 1) {
    const id = `${round}-${writer}-${index}`;
    const commit = async (
      action: Acknowledged['action'],
      length: number,
      operation: Parameters<Engine['commit']>[2][number],
    ): Promise<Receipt> => {
      const receipt = receiptOf(await engine.commit(channel, publisher, [operation]));
      tell({ channel, id, action, length, receipt });
      return receipt;
    };
    const { serial } = await commit('create', 0, {
      action: 'create',
      draft: { id, name: 'output', data: '' },
    });
    // Steps that cut surrogate pairs and cross the length at which the body is folded.
    const step = 7 + ((writer * 331 + index * 97) % 1500);
    for (let length = 0; length < 12 * step; length += step)
      await commit('append', length + step, append(serial, length, textOf(id, length + step).slice(length)));
    await commit('annotate', 12 * step, {
      action: 'annotate',
      serial,
      annotation: { action: 'add', id: 'seen', type: 'seen:flag.v1' },
    });
    if (index % 3 === 1)
      await commit('update', 0, { action: 'update', serial, draft: { data: lastWordOf(id) } });
    if (index % 3 === 2) await commit('delete', 0, { action: 'delete', serial });
  }
}
