import { control } from '@holdfast/codec';
import type { MessageId, RunId } from '../ids.ts';

/**
 * The id of the message that answers a run. It follows from the run alone, so that a next message can name it as parent
 * before the answer has begun, and that it outlives the deletion of the output, which empties all but the record's id.
 */
export function answerIdOf(run: RunId): MessageId {
  return `${run}.answer` as string as MessageId;
}

/** The run whose answer has this message id, by its form alone. */
export function runOfAnswerId(id: MessageId): RunId | undefined {
  return /^(.+)\.answer$/s.exec(id)?.[1] as string | undefined as RunId | undefined;
}

/**
 * What a run's log begins with for a codec. It is never stored, since it follows from the run: writers start from it, and
 * readers are given it before the log.
 */
export function headOf(run: RunId): string {
  return control(['message', answerIdOf(run), { role: 'assistant' }]);
}
