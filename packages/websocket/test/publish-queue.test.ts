import { ChannelError, type Operation, type Receipt, type Serial, type Version } from '@holdfast/channel';
import { describe, expect, it } from 'vitest';
import { createPublishQueue } from '../src/publish-queue.ts';

const serial = 's' as Serial;
const create = (id: string): Operation => ({ action: 'create', draft: { id, name: 'note', data: '' } });
const append = (data: string): Operation => ({ action: 'append', serial, data, offset: 0 });
const update: Operation = { action: 'update', serial, draft: { data: '' } };
const remove: Operation = { action: 'delete', serial };

/** A gateway that answers when it is told to. */
function openGate() {
  const sent: { readonly operations: readonly Operation[]; answer(error?: ChannelError): Promise<void> }[] =
    [];
  const publish = createPublishQueue((operations) => {
    return new Promise<readonly Receipt[]>((resolve, reject) => {
      sent.push({
        operations,
        async answer(error) {
          if (error === undefined)
            resolve(operations.map((_, index) => ({ serial, version: `${index}` as Version })));
          else reject(error);
          // The queue goes on once the answer has passed through the promises in between.
          for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        },
      });
    });
  });
  const actions = (): string[] =>
    sent.map(({ operations }) => operations.map(({ action }) => action).join('+'));
  return { publish, sent, actions };
}

describe('a publish queue', () => {
  it('I1 sends what can be repeated without waiting, in order', () => {
    const { publish, actions } = openGate();
    for (const operation of [create('a'), append('b'), create('c')]) void publish([operation]);
    expect(actions()).toEqual(['create', 'append', 'create']);
  });

  it('I5 keeps an update or delete apart from everything before and after it', async () => {
    const { publish, sent, actions } = openGate();
    for (const operation of [append('a'), update, append('b'), append('c'), remove, create('d')])
      void publish([operation]);
    expect(actions()).toEqual(['append']);
    await sent[0]?.answer();
    expect(actions()).toEqual(['append', 'update']);
    await sent[1]?.answer();
    expect(actions()).toEqual(['append', 'update', 'append', 'append']);
    await sent[2]?.answer();
    expect(actions()).toHaveLength(4);
    await sent[3]?.answer();
    await sent[4]?.answer();
    expect(actions()).toEqual(['append', 'update', 'append', 'append', 'delete', 'create']);
  });

  it('P27 splits an array at updates, keeps its creates together, and gives receipts in order', async () => {
    const { publish, sent, actions } = openGate();
    const receipts = publish([create('a'), create('b'), update, append('c'), remove]);
    for (let index = 0; index < 4; index += 1) await sent[index]?.answer();
    expect(actions()).toEqual(['create+create', 'update', 'append', 'delete']);
    expect(await receipts).toHaveLength(5);
  });

  it('P27 does not try what follows a refused operation, and goes on with the next call', async () => {
    const { publish, sent, actions } = openGate();
    const refused = publish([create('a'), update, append('c')]);
    const next = publish([create('d')]);
    await sent[0]?.answer();
    await sent[1]?.answer(new ChannelError('conflict', 'no'));
    await expect(refused).rejects.toMatchObject({ code: 'conflict' });
    await sent[2]?.answer();
    expect(actions()).toEqual(['create', 'update', 'create']);
    expect(await next).toHaveLength(1);
  });

  it('has a bounded number in flight', async () => {
    const { publish, sent } = openGate();
    for (let count = 0; count < 200; count += 1) void publish([create(`${count}`)]);
    const most = sent.length;
    expect(most).toBeLessThan(100);
    await sent[0]?.answer();
    expect(sent).toHaveLength(most + 1);
  });

  it('refuses what was not sent when sending fails for good', async () => {
    const { publish, sent } = openGate();
    const first = publish([update]);
    const others = [publish([create('a')]), publish([create('b'), update])];
    const closed = new ChannelError('closed', 'closed');
    for (let index = 0; index < 3; index += 1) await sent[index]?.answer(closed);
    for (const each of [first, ...others]) await expect(each).rejects.toBe(closed);
    expect(sent).toHaveLength(3);
  });
});
