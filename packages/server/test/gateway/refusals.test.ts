import type { ConnectionState } from '@holdfast/channel';
import { createMemoryEngine } from '@holdfast/channel/memory';
import { SignJWT } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { openClient, openGateway, SECRET, tokenFor } from './open-gateway.ts';
import { KEY, openAdmitted, openRawClient } from './raw-client.ts';

const create = (id: string, rest: object = {}) => ({
  action: 'create',
  draft: { id, name: 'note', data: '', ...rest },
});

async function stored(url: string): Promise<readonly string[]> {
  const { messages } = await openClient(url, 'auditor').channel('c').history();
  return messages.map(({ id }) => id);
}

describe('a client that may not come in', () => {
  const endsWith = async (url: string, token: string | undefined): Promise<ConnectionState> => {
    const channels = openClient(url, 'ada', token === undefined ? {} : { token });
    await channels
      .channel('c')
      .history()
      .catch(() => {});
    return channels.connection.state;
  };

  it.each<[string, () => Promise<string>, string]>([
    [
      'a forged token',
      () => tokenFor('ada', { secret: 'another secret, just as long as the first one' }),
      'unauthenticated',
    ],
    ['no token that anybody made', async () => 'garbage', 'unauthenticated'],
    ['an empty token', async () => '', 'unauthenticated'],
    ['an unsigned token', async () => unsigned(), 'unauthenticated'],
    ['a token without capabilities', async () => withoutCapabilities(), 'unauthenticated'],
    ['a fixed token that has expired', async () => expiredToken(), 'unauthenticated'],
  ])('I9 is told why and left alone: %s', async (_, token, code) => {
    const { url, connections } = await openGateway();
    const state = await endsWith(url, await token());
    expect(state).toMatchObject({ status: 'closed', reason: { code } });
    expect(connections).toBe(0);
  });

  it('gets in with a fresh token after one that has expired', async () => {
    const { url } = await openGateway();
    const tokens = [await expiredToken(), await expiredToken(), await tokenFor('ada')];
    const token = vi.fn(async () => tokens.shift() ?? '');
    const { messages } = await openClient(url, 'ada', { token }).channel('c').history();
    expect(messages).toEqual([]);
    expect(token).toHaveBeenCalledTimes(3);
  });

  it('is asked again for a token that could not be had', async () => {
    const { url } = await openGateway();
    let asked = 0;
    const token = async (): Promise<string> => {
      asked += 1;
      if (asked < 3) throw new Error('the token server is down');
      return tokenFor('ada');
    };
    await openClient(url, 'ada', { token }).channel('c').history();
    expect(asked).toBe(3);
  });

  it('speaks another version of the protocol', async () => {
    const { url } = await openGateway();
    const client = await openRawClient(url);
    client.send(['hello', 99, { key: KEY, rollupMs: 0 }]);
    expect(await client.next('bye')).toMatchObject(['bye', 'stop', { code: 'unsupported' }]);
    await client.closed;
  });

  it('says something else than hello', async () => {
    const { url } = await openGateway();
    const client = await openRawClient(url);
    client.send(['publish', 1, 0, [create('a')]]);
    expect(await client.next('bye')).toMatchObject(['bye', 'stop', { code: 'invalid' }]);
    await client.closed;
    expect(await stored(url)).toEqual([]);
  });

  it('says nothing for too long', async () => {
    const { url } = await openGateway({ limits: { helloMs: 20 } });
    const client = await openRawClient(url);
    expect(await client.next('bye')).toMatchObject(['bye', 'retry', { code: 'unavailable' }]);
    await client.closed;
  });
});

describe('a token that doesn’t allow it', () => {
  const doing = {
    publish: ['publish', 1, 0, [create('a')]],
    signal: ['signal', 1, 0, { id: 's', name: 'beat', data: null }],
    subscribe: ['subscribe', 1, 0, {}],
    history: ['history', 1, 0, {}],
    annotations: ['annotations', 1, 0, 'serial', {}],
    annotate: [
      'publish',
      1,
      0,
      [{ action: 'annotate', serial: 's', annotation: { action: 'add', id: 'i', type: 'a:flag.v1' } }],
    ],
    enter: ['enter', 1, 0, null],
    leave: ['leave', 1, 0],
    members: ['members', 1, 0],
    watch: ['watch', 1, 0],
  };

  it.each(Object.entries(doing))('I9 %s is refused, and the connection goes on', async (_, frame) => {
    const { url } = await openGateway();
    const everythingElsewhere = { 'c:*': ['*'], d: ['*'], c: [] } as const;
    const client = await openAdmitted(url, await tokenFor('ada', { capabilities: everythingElsewhere }));
    client.send(frame);
    expect(await client.next('refused', 1)).toMatchObject(['refused', 1, { code: 'forbidden' }]);
    client.send(['channel', 1, 'c:open:1']);
    client.send(['publish', 2, 1, [create('b')]]);
    await client.next('receipts', 2);
    expect(await stored(url)).toEqual([]);
  });
});

describe('input that makes no sense', () => {
  it.each<[string, unknown]>([
    ['an operation without its fields', ['publish', 7, 0, [{ action: 'append', serial: 's' }]]],
    ['an unknown operation', ['publish', 7, 0, [{ action: 'steal' }]]],
    ['no list of operations', ['publish', 7, 0, { action: 'delete', serial: 's' }]],
    ['a channel that was never named', ['publish', 7, 5, [create('a')]]],
    ['a draft that is too large', ['publish', 7, 0, [create('a', { data: 'x'.repeat(70_000) })]]],
    ['presence that is too large', ['enter', 7, 0, 'x'.repeat(20_000)]],
    ['a limit that is none', ['history', 7, 0, { limit: 5000 }]],
    ['data that is nested too deeply', ['enter', 7, 0, nested(101)]],
  ])('I9 is refused, and the connection goes on: %s', async (_, frame) => {
    const engine = createMemoryEngine({ maxMessageBytes: 64 << 10 });
    const { url } = await openGateway({ engine });
    const client = await openAdmitted(url, await tokenFor('ada'));
    client.send(frame);
    const [, , error] = await client.next('refused', 7);
    expect(['invalid', 'too_large']).toContain((error as { code: string }).code);
    client.send(['publish', 8, 0, [create('after')]]);
    await client.next('receipts', 8);
    expect(await stored(url)).toEqual(['after']);
  });

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['no list', '{"verb":"publish"}'],
    ['an unknown verb', '["steal",1]'],
    ['a request without a number', '["publish","x",0,[]]'],
    ['a second hello', JSON.stringify(['hello', 1, { key: KEY, rollupMs: 0 }])],
    ['nothing', ''],
  ])('I9 ends the connection with a reason: %s', async (_, text) => {
    const { url } = await openGateway();
    const client = await openAdmitted(url, await tokenFor('ada'));
    client.sendText(text);
    expect(await client.next('bye')).toMatchObject(['bye', 'stop', { code: 'invalid' }]);
    await client.closed;
    expect(await stored(url)).toEqual([]);
  });

  it('I9 binary frames end the connection with a reason', async () => {
    const { url } = await openGateway();
    const client = await openAdmitted(url, await tokenFor('ada'));
    client.sendBytes(new TextEncoder().encode(JSON.stringify(['publish', 1, 0, [create('a')]])));
    expect(await client.next('bye')).toMatchObject(['bye', 'stop', { code: 'invalid' }]);
    expect(await stored(url)).toEqual([]);
  });

  it('I9 a frame over the size limit ends the connection, and the client does not send one', async () => {
    const { url } = await openGateway({ limits: { frameBytes: 10_000 } });
    const client = await openAdmitted(url, await tokenFor('ada'));
    client.send(['publish', 1, 0, [create('a', { data: 'x'.repeat(20_000) })]]);
    expect(await client.closed).toBe(1009);
    const careful = openClient(url, 'ada').channel('c');
    const publishing = careful.publish({
      action: 'create',
      draft: { id: 'a', name: 'n', data: 'x'.repeat(20_000) },
    });
    await expect(publishing).rejects.toMatchObject({ code: 'too_large' });
    await careful.publish({ action: 'create', draft: { id: 'b', name: 'n', data: '' } });
    expect(await stored(url)).toEqual(['b']);
  });
});

describe('a publisher', () => {
  it('I16 is who its token says, whatever it claims to be', async () => {
    const { url } = await openGateway();
    const token = await tokenFor('ada', { claims: { role: 'participant' } });
    const client = await openAdmitted(url, token);
    const forged = { clientId: 'bob', claims: { role: 'agent' }, serial: '0', timestamp: 0 };
    client.send(['publish', 1, 0, [{ ...create('a', forged), ...forged }]]);
    client.send(['signal', 2, 0, { id: 's', name: 'beat', data: null, ...forged }]);
    const [, , receipts] = await client.next('receipts', 1);
    const serial = (receipts as string[][])[0]?.[0];
    const annotation = { action: 'add', id: 'i', type: 'likes:flag.v1', ...forged };
    client.send(['publish', 3, 0, [{ action: 'annotate', serial, annotation }]]);
    await client.next('receipts', 3);
    const channel = openClient(url, 'auditor').channel('c');
    const [message] = (await channel.history()).messages;
    expect(message).toMatchObject({ clientId: 'ada', claims: { role: 'participant' } });
    expect(message?.timestamp).toBeGreaterThan(0);
    const { annotations } = await channel.annotations(message?.serial ?? ('' as never));
    expect(annotations).toMatchObject([{ clientId: 'ada' }]);
  });

  it('P3 cannot touch the message of another client, anonymous ones neither', async () => {
    const { url } = await openGateway();
    const [receipt] = await openClient(url, undefined)
      .channel('c')
      .publish({ action: 'create', draft: { id: 'a', name: 'note', data: 'mine' } });
    if (receipt === undefined) throw new Error('no receipt');
    for (const stranger of ['bob', undefined]) {
      const channel = openClient(url, stranger).channel('c');
      const { serial } = receipt;
      await expect(
        channel.publish({ action: 'update', serial, draft: { data: 'yours' } }),
      ).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    expect((await openClient(url, 'eve').channel('c').history()).messages).toMatchObject([{ data: 'mine' }]);
  });

  it('I9 much too fast is refused as rate_limited, and the channel works on', async () => {
    const { url } = await openGateway({ limits: { operationsPerSecond: 10 } });
    const client = await openAdmitted(url, await tokenFor('ada'));
    const many = Array.from({ length: 60 }, (_, index) => create(`m-${index}`));
    client.send(['publish', 1, 0, many]);
    expect(await client.next('refused', 1)).toMatchObject(['refused', 1, { code: 'rate_limited' }]);
    client.send(['publish', 2, 0, many.slice(0, 20)]);
    await client.next('receipts', 2);
    expect(await stored(url)).toHaveLength(20);
  });

  it('I9 is as much too fast under another alias, or under one that it has declared again', async () => {
    const { url } = await openGateway({ limits: { operationsPerSecond: 10, channels: 2 } });
    const client = await openAdmitted(url, await tokenFor('ada'));
    const many = Array.from({ length: 30 }, (_, index) => create(`m-${index}`));
    client.send(['publish', 1, 0, many]);
    client.send(['channel', 1, 'c']);
    client.send(['publish', 2, 1, [...many, create('more')]]);
    expect(await client.next('refused', 2)).toMatchObject(['refused', 2, { code: 'rate_limited' }]);
    // Other names in between, more than it may use at a time.
    for (const name of ['d', 'e', 'f', 'g', 'c']) client.send(['channel', 1, name]);
    client.send(['publish', 3, 1, many]);
    expect(await client.next('refused', 3)).toMatchObject(['refused', 3, { code: 'rate_limited' }]);
    await client.next('receipts', 1);
    expect(await stored(url)).toHaveLength(30);
  });

  it('I9 with no limit of operations publishes as fast as it likes', async () => {
    const { url } = await openGateway({ limits: { operationsPerSecond: Infinity } });
    const client = openClient(url, 'ada');
    const drafts = Array.from({ length: 700 }, (_, index) => create(`m-${index}`));
    const channel = client.channel('c');
    for (let turn = 0; turn < 3; turn += 1)
      await client.channel('c').publish(drafts.map(({ draft }) => ({ action: 'create', draft })));
    expect(channel.features.operationsPerSecond).toBeUndefined();
  });

  it('I9 with too many requests at once is refused as rate_limited', async () => {
    const { url } = await openGateway({ limits: { requests: 3, operationsPerSecond: 4 } });
    const client = await openAdmitted(url, await tokenFor('ada'));
    client.send(['publish', 1, 0, Array.from({ length: 8 }, (_, index) => create(`m-${index}`))]);
    await client.next('receipts', 1);
    for (const id of [2, 3, 4, 5]) client.send(['publish', id, 0, [create(`late-${id}`)]]);
    expect(await client.next('refused', 5)).toMatchObject(['refused', 5, { code: 'rate_limited' }]);
    await client.next('receipts', 4);
  });

  it('I9 cannot open channels and subscriptions without bound', async () => {
    const { url } = await openGateway({ limits: { channels: 3, subscriptions: 2 } });
    const client = await openAdmitted(url, await tokenFor('ada'));
    for (const alias of [1, 2, 3]) client.send(['channel', alias, `d-${alias}`]);
    client.send(['history', 1, 3, {}]);
    expect(await client.next('refused', 1)).toMatchObject(['refused', 1, { code: 'forbidden' }]);
    for (const id of [2, 3, 4]) client.send(['subscribe', id, 0, {}]);
    expect(await client.next('refused', 4)).toMatchObject(['refused', 4, { code: 'forbidden' }]);
    client.send(['end', 2]);
    client.send(['subscribe', 5, 0, {}]);
    await client.next('started', 5);
  });
});

function unsigned(): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'none', typ: 'JWT' })}.${encode({ sub: 'ada', cap: { '*': ['*'] } })}.`;
}

function withoutCapabilities(): Promise<string> {
  return new SignJWT({ sub: 'ada' })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET));
}

function expiredToken(): Promise<string> {
  return new SignJWT({ sub: 'ada', cap: { '*': ['*'] } })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('-1m')
    .sign(new TextEncoder().encode(SECRET));
}

function nested(depth: number): unknown {
  return depth === 0 ? 'deep' : [nested(depth - 1)];
}
