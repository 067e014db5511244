import type { JsonValue, Operation, Serial } from '@holdfast/channel';
import type { Act } from './step.ts';

/** A message as its publisher knows it to be once all its calls have taken effect. */
interface Known {
  readonly id: string;
  readonly by: number;
  serial: Serial;
  data: JsonValue;
  deleted: boolean;
  likes: number;
}

/** What two publishers have done, and what history must hold in the end. Written apart from any channel. */
export class Model {
  readonly #messages: Known[] = [];
  #ids = 0;

  /** The operation of an act; undefined where there is nothing to do it to. A create is to be answered by `stored`. */
  operation(act: Act): Operation | undefined {
    this.#ids += 1;
    const id = `${act.act}-${this.#ids}`;
    if (act.act === 'create') return { action: 'create', draft: { id, name: 'note', data: act.data } };
    const message = this.#pick(act);
    if (message === undefined) return undefined;
    const { serial } = message;
    switch (act.act) {
      case 'append': {
        if (typeof message.data !== 'string') return undefined;
        const offset = message.data.length;
        message.data += act.text;
        return { action: 'append', serial, data: act.text, offset };
      }
      case 'update':
        message.data = act.data;
        return { action: 'update', serial, draft: { data: act.data } };
      case 'delete':
        message.data = '';
        message.deleted = true;
        return { action: 'delete', serial };
      case 'annotate':
        message.likes = Math.max(0, message.likes + (act.adds ? 1 : -1));
        return {
          action: 'annotate',
          serial,
          annotation: { action: act.adds ? 'add' : 'remove', id, type: 'likes:total.v1' },
        };
    }
  }

  /** Notes that a create took effect. */
  stored(operation: Operation, by: number, serial: Serial): void {
    if (operation.action !== 'create') return;
    const { id, data } = operation.draft;
    this.#messages.push({ id, by, serial, data, deleted: false, likes: 0 });
  }

  /** Ids, data, tombstones and likes, oldest first. */
  outline(): unknown {
    return [...this.#messages]
      .sort((a, b) => (a.serial < b.serial ? -1 : 1))
      .map(({ id, data, deleted, likes }) => ({ id, data, deleted, likes }));
  }

  /** One of the messages that still stand: of the publisher's own, or of all where it is to be annotated. */
  #pick(act: Exclude<Act, { act: 'create' }>): Known | undefined {
    const own = this.#messages.filter(
      ({ by, deleted }) => !deleted && (by === act.by || act.act === 'annotate'),
    );
    return own[act.to % Math.max(1, own.length)];
  }
}
