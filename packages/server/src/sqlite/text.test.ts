import fc from 'fast-check';
import Libsql from 'libsql';
import { expect, it } from 'vitest';
import { decodeText, encodeText } from '@holdfast/channel/engine';

it('any string comes back from a database as it went in', () => {
  const driver = new Libsql(':memory:');
  driver.exec('CREATE TABLE t (a TEXT)');
  const insert = driver.prepare('INSERT INTO t VALUES (?)');
  const select = driver.prepare('SELECT a FROM t WHERE a = ?');
  const remove = driver.prepare('DELETE FROM t');
  const units = fc.array(
    fc.oneof(fc.constantFrom(0, 1, 0xd83d, 0xde00, 0xfeff, 0xfffd, 0xffff), fc.nat({ max: 0xffff })),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(units, (codes) => {
      const text = String.fromCharCode(...codes);
      insert.run([encodeText(text)]);
      const row = select.get([encodeText(text)]) as { readonly a: string } | undefined;
      expect(row && decodeText(row.a)).toBe(text);
      remove.run([]);
    }),
    { numRuns: 5000 },
  );
  driver.close();
});

it('plain text is stored as it is', () => {
  for (const text of ['', 'Grüße 😀', '{"a":1}', 'a\u0001']) expect(encodeText(text)).toBe(text);
});
