import { ChannelError, type Operation } from '@holdfast/channel';
import { encodeSerial, encodeVersion, type Outcome } from '@holdfast/channel/engine';

/** What the commit script says became of an operation: a receipt's ticks, or why which one was refused. */
export type OutcomeRow =
  readonly [serial: number, version: number] | readonly [refusal: Refusal, detail: number, index: number];

type Refusal =
  'none' | 'owner' | 'gone' | 'sealed' | 'used' | 'large' | 'text' | 'offset' | 'annotation' | 'anonymous';

export function decodeOutcome(
  operations: readonly Operation[],
  row: OutcomeRow,
  maxMessageBytes: number,
): Outcome {
  if (isRefusal(row)) return { ok: false, error: refusalOf(operations, row, maxMessageBytes) };
  const [serial, version] = row;
  return { ok: true, receipt: { serial: encodeSerial(serial), version: encodeVersion(version) } };
}

function isRefusal(row: OutcomeRow): row is Exclude<OutcomeRow, readonly [number, number]> {
  return typeof row[0] === 'string';
}

/** The same words as the engines that share a process use. */
function refusalOf(
  operations: readonly Operation[],
  [refusal, detail, index]: Exclude<OutcomeRow, readonly [number, number]>,
  max: number,
): ChannelError {
  const operation = operations[index];
  if (operation === undefined) return new ChannelError('internal', 'The commit script refused nothing.');
  switch (refusal) {
    case 'none': {
      const serial = operation.action === 'create' ? operation.seals : operation.serial;
      return new ChannelError('not_found', `No message has the serial ${JSON.stringify(serial)}.`);
    }
    case 'owner':
      return new ChannelError('forbidden', 'Only its creator may change a message.');
    case 'gone':
      return new ChannelError('not_found', 'The message was deleted.');
    case 'sealed':
      return new ChannelError('sealed', 'The message was sealed by a later one: its writer was replaced.');
    case 'used':
      return new ChannelError(
        'conflict',
        `The id ${JSON.stringify(idOf(operation))} was used for another message. Ids are for one message each.`,
      );
    case 'annotation':
      return new ChannelError(
        'conflict',
        `The id ${JSON.stringify(idOf(operation))} was used for another annotation.`,
      );
    case 'large':
      return new ChannelError(
        'too_large',
        `The message would have ${detail} bytes; this channel stores at most ${max}.`,
      );
    case 'text':
      return new ChannelError('invalid', 'Only a message whose data is a string can be appended to.', {
        path: 'serial',
      });
    case 'offset':
      return new ChannelError(
        'conflict',
        `The append is for offset ${operation.action === 'append' ? operation.offset : 0}, but the message is ${detail} code units long.`,
      );
    case 'anonymous': {
      const method =
        operation.action === 'annotate' ? /:([a-z]+)\./.exec(operation.annotation.type)?.[1] : '';
      return new ChannelError('forbidden', `Annotations of the method ${method} need an identified client.`);
    }
  }
}

function idOf(operation: Operation): string {
  if (operation.action === 'create') return operation.draft.id;
  return operation.action === 'annotate' ? operation.annotation.id : '';
}
