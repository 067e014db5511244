import type { Message, Serial, Version } from '@holdfast/channel';
import { createLogFacts } from '@holdfast/codec';
import { describe, expect, test } from 'vitest';
import { createMessageLog } from './message-log.ts';
import { wholeMessage } from './stored.ts';

const serial = '1' as Serial;
const version = (value: string): Version => value as Version;

function output(data: string, at: string, fields: Partial<Message> = {}): Message {
  return {
    serial,
    version: version(at),
    id: 'o',
    name: 'output',
    data,
    headers: {},
    timestamp: 0,
    ...fields,
  };
}

const append = (data: string, offset: number, at: string) => ({ serial, version: version(at), data, offset });

function opened(data: string, at = '1') {
  const log = createMessageLog(createLogFacts);
  log.apply(output(data, at));
  const text = () => {
    const [stored] = log.all;
    return stored === undefined ? undefined : wholeMessage(stored).data;
  };
  return { log, text };
}

describe('messages as last known', () => {
  test('text goes on where it ends; what is known already is left out', () => {
    const { log, text } = opened('one');
    expect(log.append(append(' two', 3, '2'))).toMatchObject({ data: ' two' });
    expect(log.append(append('two three', 4, '3'))).toMatchObject({ data: ' three' });
    expect(log.append(append(' two', 3, '2'))).toBe('same');
    expect(text()).toBe('one two three');
  });

  test('P23 text past what is known is missing its base', () => {
    const { log, text } = opened('one');
    expect(log.append(append('x', 4, '2'))).toBe('missing');
    expect(log.append({ ...append('x', 0, '2'), serial: '2' as Serial })).toBe('missing');
    expect(text()).toBe('one');
  });

  test('P1 an append from before a rewrite changes nothing', () => {
    const { log, text } = opened('one');
    log.append(append(' two', 3, '2'));
    log.apply(output('o', '3'));
    expect(log.append(append(' two', 1, '2'))).toBe('same');
    expect(text()).toBe('o');
  });

  test('of two sights of a message the newer counts, and of one version the longer', () => {
    const { log, text } = opened('one', '2');
    expect(log.apply(output('other', '1'))).toBe('same');
    expect(log.apply(output('one two', '2'))).toMatchObject({ data: ' two' });
    expect(log.apply(output('one', '2'))).toBe('same');
    expect(text()).toBe('one two');
  });

  test('a rewrite is another content', () => {
    const { log, text } = opened('one two');
    expect(log.apply(output('one 2', '2'))).toBe('changed');
    expect(text()).toBe('one 2');
    expect(log.apply(output('', '3', { deleted: true }))).toBe('changed');
  });

  test('what is dropped is unknown again', () => {
    const { log, text } = opened('one');
    expect(log.drop(serial)).toBe(true);
    expect(log.drop(serial)).toBe(false);
    expect(text()).toBe(undefined);
    expect(log.append(append('x', 3, '2'))).toBe('missing');
  });

  test('an input is never taken to go on', () => {
    const log = createMessageLog(createLogFacts);
    const input = output('', '1', { name: 'input' });
    log.apply({ ...input, data: { a: [1] } });
    expect(log.apply({ ...input, version: version('2'), data: { a: [2] } })).toBe('changed');
    expect(log.append(append('x', 0, '3'))).toBe('same');
  });
});
