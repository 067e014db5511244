import { expect, it } from 'vitest';
import { choose } from '../src/choose.ts';

const GATEWAYS = ['http://a', 'http://b', 'http://c'];
const situation = {
  client: '192.0.2.1',
  healthy: new Set(GATEWAYS),
  open: new Map([
    ['http://a', 2],
    ['http://b', 1],
    ['http://c', 2],
  ]),
  page: 'http://page',
};
const CLIENTS = Array.from({ length: 100 }, (_, index) => `192.0.2.${index}`);

it('sends a WebSocket where the fewest are', () => {
  expect(choose({ ...situation, path: '/holdfast' })).toBe('http://b');
  expect(choose({ ...situation, path: '/holdfast', healthy: new Set(['http://c']) })).toBe('http://c');
});

it('sends nobody to a gateway when none is well', () => {
  expect(choose({ ...situation, path: '/holdfast', healthy: new Set() })).toBeUndefined();
});

it('sends what is no gateway’s to the page', () => {
  for (const path of ['/', '/src/page/main.tsx', '/holdfaster'])
    expect(choose({ ...situation, path })).toBe('http://page');
});

it('keeps what comes down to a client and what goes up at one gateway', () => {
  const chosen = CLIENTS.map((client) => choose({ ...situation, client, path: '/holdfast/down' }));
  expect(CLIENTS.map((client) => choose({ ...situation, client, path: '/holdfast/up' }))).toEqual(chosen);
  expect(new Set(chosen)).toEqual(new Set(GATEWAYS));
});

it('moves only the clients of a gateway that goes', () => {
  const left = new Set(['http://a', 'http://c']);
  for (const client of CLIENTS) {
    const before = choose({ ...situation, client, path: '/holdfast/down' });
    const after = choose({ ...situation, client, path: '/holdfast/down', healthy: left });
    if (before !== 'http://b') expect(after).toBe(before);
    else expect(left).toContain(after);
  }
});
