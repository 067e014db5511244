import { encodeText, tickOf } from '@holdfast/channel/engine';
import type { Annotation } from '@holdfast/channel';
import type { Database } from './database.ts';

/** Single annotations, as they were published. Serials and versions are ticks here. */
export interface Annotations {
  find(serial: number, id: string): Annotation | undefined;
  /** Oldest first. */
  page(serial: number, bounds: { readonly after: number; readonly limit: number }): readonly Annotation[];
  insert(annotation: Annotation): void;
}

export function prepareAnnotations(database: Database): Annotations {
  const byId = database.prepare<{ content: string }>(
    'SELECT content FROM annotations WHERE serial = ? AND id = ?',
  );
  const oldest = database.prepare<{ content: string }>(
    'SELECT content FROM annotations WHERE serial = ? AND version > ? ORDER BY version LIMIT ?',
  );
  const insert = database.prepare(
    'INSERT INTO annotations (serial, version, id, content) VALUES (?, ?, ?, ?)',
  );
  return {
    find(serial, id) {
      const row = byId.get(serial, encodeText(id));
      return row === undefined ? undefined : (JSON.parse(row.content) as Annotation);
    },
    page: (serial, { after, limit }) =>
      oldest.all(serial, after, limit).map(({ content }) => JSON.parse(content) as Annotation),
    insert(annotation) {
      const { serial, version, id } = annotation;
      insert.run(tickOf(serial), tickOf(version), encodeText(id), JSON.stringify(annotation));
    },
  };
}
