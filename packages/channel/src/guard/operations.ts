import { annotationMethod, methodRules } from '../annotations.ts';
import type { ChannelFeatures } from '../contract.ts';
import { ChannelError } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { messageBytes, textBytes } from '../size.ts';
import { checkText, invalid } from './arguments.ts';
import { checkJson } from './json.ts';

const MAX_ID = 512;

/** Each operation well-formed. */
export function checkOperations(operations: readonly Operation[], features: ChannelFeatures): void {
  for (const [index, operation] of operations.entries())
    checkOperation(operation, `operations[${index}]`, features);
}

function checkOperation(operation: Operation, path: string, features: ChannelFeatures): void {
  const max = features.maxMessageBytes;
  if (typeof operation !== 'object' || operation === null) invalid(path, 'must be an object');
  switch (operation.action) {
    case 'create':
      checkDraft(operation.draft, `${path}.draft`, max);
      if (operation.seals === undefined) return;
      checkText(operation.seals, `${path}.seals`);
      if (!features.seal)
        throw new ChannelError('unsupported', 'This channel does not seal.', { path: `${path}.seals` });
      return;
    case 'append':
      checkText(operation.serial, `${path}.serial`);
      if (typeof operation.data !== 'string') invalid(`${path}.data`, 'must be a string');
      if (!Number.isSafeInteger(operation.offset) || operation.offset < 0)
        invalid(`${path}.offset`, 'must be a whole number from 0');
      checkSize(textBytes(operation.data), max, `${path}.data`);
      return;
    case 'update': {
      checkText(operation.serial, `${path}.serial`);
      const { draft } = operation;
      checkDraft({ ...draft, id: 'id', name: draft.name ?? 'name' }, `${path}.draft`, max);
      return;
    }
    case 'delete':
      return checkText(operation.serial, `${path}.serial`);
    case 'annotate':
      checkText(operation.serial, `${path}.serial`);
      return checkAnnotation(operation.annotation, `${path}.annotation`, max);
    default:
      operation satisfies never;
      invalid(`${path}.action`, 'must be create, append, update, delete or annotate');
  }
}

export function checkDraft(draft: unknown, path: string, maxMessageBytes: number): void {
  if (typeof draft !== 'object' || draft === null) invalid(path, 'must be an object');
  const { id, name, data, headers = {} } = draft as Record<string, unknown>;
  checkText(id, `${path}.id`);
  if (String(id).length > MAX_ID) invalid(`${path}.id`, `must have at most ${MAX_ID} characters`);
  checkText(name, `${path}.name`);
  if (data === undefined) invalid(`${path}.data`, 'is missing');
  checkJson(data, `${path}.data`);
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers))
    invalid(`${path}.headers`, 'must be an object of strings');
  for (const [key, value] of Object.entries(headers))
    if (typeof value !== 'string') invalid(`${path}.headers.${key}`, 'must be a string');
  checkSize(messageBytes({ ...(draft as Parameters<typeof messageBytes>[0]) }), maxMessageBytes, path);
}

function checkAnnotation(annotation: unknown, path: string, maxMessageBytes: number): void {
  if (typeof annotation !== 'object' || annotation === null) invalid(path, 'must be an object');
  const { action, id, type, name, count, data } = annotation as Record<string, unknown>;
  if (action !== 'add' && action !== 'remove') invalid(`${path}.action`, 'must be add or remove');
  checkText(id, `${path}.id`);
  const method = typeof type === 'string' ? annotationMethod(type) : undefined;
  if (method === undefined)
    invalid(
      `${path}.type`,
      'must be namespace:method.v1, with total, flag, distinct, unique or multiple as its method',
    );
  if (methodRules(method).named) checkText(name, `${path}.name`);
  else if (name !== undefined) invalid(`${path}.name`, `has no meaning for the method ${method}`);
  if (count !== undefined && (method !== 'multiple' || action === 'remove'))
    invalid(`${path}.count`, 'is for added annotations of the method multiple only');
  if (count !== undefined && (!Number.isSafeInteger(count) || Number(count) < 1))
    invalid(`${path}.count`, 'must be a whole number from 1');
  if (data === undefined) return;
  checkJson(data, `${path}.data`);
  checkSize(textBytes(JSON.stringify(data)), maxMessageBytes, path);
}

function checkSize(bytes: number, max: number, path: string): void {
  if (bytes > max)
    throw new ChannelError('too_large', `${path}: has ${bytes} bytes; this channel stores at most ${max}.`, {
      path,
    });
}
