import type { RunId } from '../ids.ts';
import type { Delivery } from '../records.ts';
import type { Projection } from '../projection/types.ts';
import { parseRecord } from '../records/parse.ts';

/** What an input itself says should happen while an agent is answering; undefined where it leaves that to the agent. */
export function statedDelivery(projection: Projection, run: RunId): Delivery | undefined {
  const message = projection.record(run);
  const parsed = message === undefined ? undefined : parseRecord(message);
  return parsed?.ok === true && parsed.record.kind === 'input' ? parsed.record.delivery : undefined;
}
