import { type Channel, type ChannelError, isChannelError, type Operation } from '@holdfast/channel';
import { createMemoryChannels } from '@holdfast/channel/memory';
import { expect, it } from 'vitest';
import { openClient, openGateway } from './open-gateway.ts';

// Who checks an argument is nobody's business: a client that leaves it to the gateway refuses what channels in memory do,
// with the same code and path.

const good = { id: 'a', name: 'note', data: '' };
const create = (draft: unknown): unknown => ({ action: 'create', draft });
const serial = 's';
const annotate = (annotation: object): unknown => ({ action: 'annotate', serial, annotation });
const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;

const OPERATIONS: readonly (readonly [string, unknown])[] = [
  ['no operation', null],
  ['nothing at all', undefined],
  ['a number', 7],
  ['an unknown action', { action: 'steal' }],
  ['no draft', create(undefined)],
  ['a draft that is none', create('draft')],
  ['no id', create({ ...good, id: undefined })],
  ['an empty id', create({ ...good, id: '' })],
  ['an id that is too long', create({ ...good, id: 'x'.repeat(513) })],
  ['an id that is a date', create({ ...good, id: new Date(0) })],
  ['no name', create({ ...good, name: undefined })],
  ['no data', create({ ...good, data: undefined })],
  ['data within that is undefined', create({ ...good, data: [{ a: undefined }] })],
  ['a hole in a list', create({ ...good, data: [0, , 2] })], // oxlint-disable-line no-sparse-arrays
  ['NaN', create({ ...good, data: { at: [Number.NaN] } })],
  ['a date', create({ ...good, data: new Date(0) })],
  ['a function', create({ ...good, data: { f: () => {} } })],
  ['a big integer', create({ ...good, data: 1n })],
  ['a cycle', create({ ...good, data: cycle })],
  ['a header that is no string', create({ ...good, headers: { mood: 7 } })],
  ['headers in a list', create({ ...good, headers: ['mood'] })],
  ['an empty seal', { ...(create(good) as object), seals: '' }],
  ['an append without data', { action: 'append', serial, offset: 0 }],
  ['an append of a number', { action: 'append', serial, data: 1, offset: 0 }],
  ['an append at NaN', { action: 'append', serial, data: '', offset: Number.NaN }],
  ['an append before the start', { action: 'append', serial, data: '', offset: -1 }],
  ['an update without a serial', { action: 'update', draft: { data: '' } }],
  ['an update without data', { action: 'update', serial, draft: {} }],
  ['an update to an empty name', { action: 'update', serial, draft: { name: '', data: '' } }],
  ['a deletion without a serial', { action: 'delete' }],
  ['an annotation without an id', annotate({ action: 'add', type: 'likes:total.v1' })],
  ['an annotation of an unknown type', annotate({ action: 'add', id: 'i', type: 'likes' })],
  ['an annotation with a needless name', annotate({ action: 'add', id: 'i', type: 'a:flag.v1', name: 'n' })],
  [
    'a removal with a count',
    annotate({ action: 'remove', id: 'i', type: 'a:multiple.v1', name: 'n', count: 1 }),
  ],
];

const OTHERS: readonly (readonly [string, (channel: Channel) => Promise<unknown>])[] = [
  ['a signal without an id', (channel) => channel.signal({ ...good, id: '' })],
  ['a signal with a date', (channel) => channel.signal({ ...good, data: { at: new Date(0) as never } })],
  ['a limit of nothing', (channel) => channel.history({ limit: 0 })],
  ['a limit that is NaN', (channel) => channel.history({ limit: Number.NaN })],
  ['a limit beyond all limits', (channel) => channel.history({ limit: 1001 })],
  ['an empty cursor', (channel) => channel.history({ cursor: '' as never })],
  ['an empty position', (channel) => channel.history({ until: '' as never })],
  ['annotations of nothing', (channel) => channel.annotations('' as never)],
  ['annotations by a bad limit', (channel) => channel.annotations('s' as never, { limit: 1.5 })],
  ['presence with a function', (channel) => channel.presence.enter({ f: (() => {}) as never })],
];

async function refusal(asked: Promise<unknown>): Promise<Pick<ChannelError, 'code' | 'path'>> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isChannelError(error)) throw new Error(`no ChannelError: ${String(error)}`);
  return { code: error.code, path: error.path };
}

async function openBoth(): Promise<{ readonly local: Channel; readonly remote: Channel }> {
  const { url } = await openGateway();
  return {
    local: createMemoryChannels({ clientId: 'ada' }).channel('c'),
    remote: openClient(url, 'ada').channel('c'),
  };
}

it.each(OPERATIONS)('I9 %s is refused as everywhere, at its place in the call', async (_, operation) => {
  const { local, remote } = await openBoth();
  for (const call of [operation, [operation], [create({ ...good, id: 'b' }), operation]] as Operation[]) {
    const expected = await refusal(local.publish(call));
    expect(expected.code).toBe('invalid');
    expect(await refusal(remote.publish(call))).toEqual(expected);
  }
});

it.each(OTHERS)('I9 %s is refused as everywhere', async (_, ask) => {
  const { local, remote } = await openBoth();
  const expected = await refusal(ask(local));
  expect(expected.code).toBe('invalid');
  expect(await refusal(ask(remote))).toEqual(expected);
});

it('I9 a bad operation after an update is counted from the start of the call', async () => {
  const { url } = await openGateway();
  const channel = openClient(url, 'ada').channel('c');
  const [receipt] = await channel.publish({ action: 'create', draft: good });
  const update = { action: 'update', serial: receipt?.serial, draft: { data: 'new' } };
  const call = [update, update, create({ ...good, id: 'b' }), create({ ...good, id: '' })] as Operation[];
  expect(await refusal(channel.publish(call))).toEqual({ code: 'invalid', path: 'operations[3].draft.id' });
  expect((await channel.history()).messages).toMatchObject([{ id: 'a', data: 'new' }]);
});
