import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Serial } from '@holdfast/channel';
import type { MessageId, RunId } from '../ids.ts';
import { answerIdOf, runOfAnswerId } from './answer-id.ts';
import { mintOutputId, readOutputId } from './output-id.ts';

const run = fc
  .string({ minLength: 1, unit: fc.constantFrom('a', '~', '%', '7', 'E', '2', '5', '.') })
  .map((id) => id as RunId);

test('P26 an output’s id says where on which path it stands, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string(), run, fc.option(run, { nil: undefined }), (nonce, id, other) => {
      const after = other as string | undefined as Serial | undefined;
      const expected = after === undefined ? { run: id } : { run: id, after };
      expect(readOutputId(mintOutputId(nonce, id, after))).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test('an id of another form is no output’s', () => {
  for (const id of ['', 'x', 'x~', 'x~~', 'x~r', 'x~r~a~b']) expect(readOutputId(id)).toBe(undefined);
});

test('an answer’s id follows from its run, and back', () => {
  fc.assert(
    fc.property(run, (id) => {
      expect(runOfAnswerId(answerIdOf(id))).toBe(id);
    }),
  );
  expect(runOfAnswerId('.answer' as MessageId)).toBe(undefined);
  expect(runOfAnswerId('m' as MessageId)).toBe(undefined);
});
