import { compact } from '@holdfast/codec';
import type { DeviceId, MessageId, RecordId } from '../ids.ts';
import { answerIdOf } from '../records/answer-id.ts';
import { isEnded } from '../snapshot.ts';
import type { Run } from '../snapshot.ts';
import { questionOf } from './entry.ts';
import { holderAt } from './floor-line.ts';
import type { Origin } from './gather.ts';
import { isSubTask } from './holding.ts';
import { isProvisional } from './provisional.ts';
import type { Surroundings } from './surroundings.ts';
import type { Stop } from './stops.ts';

/** A run as applications see it. */
export function describeRun(
  node: Origin,
  input: MessageId,
  stop: Stop | undefined,
  around: Surroundings,
): Run {
  const { id, origin, path, steers, delivered, standing } = node;
  const { kind, record, message, role, serial } = origin;
  const outcome = outcomeOf(node, stop, around);
  const claimant = path.at(-1);
  return compact<Run>({
    id,
    input,
    output: claimant && answerIdOf(id),
    ...outcome,
    agent:
      claimant &&
      compact<NonNullable<Run['agent']>>({
        clientId: claimant.message.clientId,
        name: claimant.record?.agent ?? '',
      }),
    to: kind === 'steer' ? around.nodes.get(record.run)?.run?.to : record.to,
    device: kind === 'steer' ? undefined : (record.device as DeviceId | undefined),
    parentRun: kind === 'input' && isSubTask(origin) ? record.parentRun : undefined,
    delivery: (kind === 'input' && record.delivery) || 'queue',
    author: compact<Run['author']>({ clientId: message.clientId, role }),
    attempts: path.length,
    steers: steers
      .filter((steer) => steer.serial > serial)
      .map((steer) => ({
        record: steer.message.id as string as RecordId,
        outcome: delivered.has(steer.message.id)
          ? 'delivered'
          : isEnded(outcome.status)
            ? 'undelivered'
            : 'pending',
      })),
    serial: isProvisional(serial) ? undefined : serial,
    length: standing.length,
  });
}

interface Outcome extends Pick<Run, 'status'> {
  readonly reason?: string | undefined;
  readonly held?: true;
}

function outcomeOf(node: Origin, stop: Stop | undefined, { floor, origins, taken }: Surroundings): Outcome {
  const { id, origin, path, standing, deleted } = node;
  const { end, suspended } = standing;
  if (deleted) return { status: 'cancelled', reason: 'deleted' };
  if (path.length > 0) {
    if (end && end.status !== 'suspended') return { status: end.status, reason: end.reason };
    if (stop) return { status: 'cancelling', reason: stop.reason };
    return { status: suspended ? 'suspended' : 'active' };
  }
  if (taken.has(id)) return { status: 'complete', reason: 'given to a running answer' };
  if (stop) return { status: 'cancelled', reason: stop.reason };
  if (isSubTask(origin)) return { status: 'queued' };
  // P22: what the conversation has gone on from meanwhile is no longer an agent's to answer. What agents ask each other
  // about it does not count as that.
  const names = new Set<string | null>([questionOf(origin), answerIdOf(id)]);
  const isFollowed = (): boolean =>
    origins.some(
      ({ origin: later, speaks }) =>
        speaks &&
        later.kind === 'input' &&
        later.serial > origin.serial &&
        names.has(later.record.parent) &&
        !isSubTask(later),
    );
  if (holderAt(floor, origin.serial).kind === 'person' && isFollowed())
    return { status: 'complete', reason: 'followed while a person held the floor' };
  return floor.floor.holder.kind === 'person' ? { status: 'queued', held: true } : { status: 'queued' };
}
