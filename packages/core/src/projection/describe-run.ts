import { compact } from '@holdfast/codec';
import type { RecordId } from '../ids.ts';
import { answerIdOf } from '../records/answer-id.ts';
import { isEnded } from '../snapshot.ts';
import type { GivenAnswer, GivenSteer, Run } from '../snapshot.ts';
import { isOrigin } from './entry.ts';
import { agentOf, holderAt, isAgents } from './floor-line.ts';
import type { FloorLine } from './floor-line.ts';
import type { Derived, Node, Origin, Stop } from './node.ts';
import { FAILED, isProvisional } from './provisional.ts';

/** A run as applications see it. */
export function describeRun(
  node: Origin,
  derived: Derived,
  floor: FloorLine,
  see: (id: string) => Node,
): Run {
  const { id, entry, serial, named } = node;
  const { message, role, record, question } = entry;
  const { path, standing, delivered, outerRun } = derived;
  const claimant = path.at(-1);
  const outcome = outcomeOf(node, derived, floor, see);
  return compact<Run>({
    id,
    input: question,
    output: claimant && answerIdOf(id),
    ...outcome,
    agent:
      claimant &&
      compact<NonNullable<Run['agent']>>({
        clientId: claimant.message.clientId,
        name: claimant.record?.agent ?? '',
      }),
    to:
      record.to ??
      (record.run && see(record.run).derived.run?.to) ??
      (claimant || outerRun ? undefined : agentOf(floor.holder)),
    device: record.device,
    parentRun: outerRun,
    label: record.label,
    delivery: record.delivery ?? 'queue',
    author: compact<Run['author']>({ clientId: message.clientId, role }),
    attempts: path.length,
    steers: named
      .filter(isOrigin)
      .filter((each) => each.record.run === id && each.serial > serial)
      .map(({ message: { id: steer } }): GivenSteer => {
        const record = steer as string as RecordId;
        const { status } = outcome;
        if (delivered.includes(steer)) return { record, outcome: 'delivered' };
        return isEnded(status)
          ? { record, outcome: 'undelivered', why: status }
          : { record, outcome: 'pending' };
      }),
    answers: named.flatMap((each) =>
      each.kind === 'answer' && each.serial > serial
        ? compact<GivenAnswer>({
            record: each.message.id as string as RecordId,
            callId: each.record.callId,
            approvalId: each.record.answer.type === 'approval' ? each.record.answer.approvalId : undefined,
            clientId: each.message.clientId,
            device: each.record.device,
          })
        : [],
    ),
    serial: isProvisional(serial) ? undefined : serial,
    length: standing.length,
  });
}

interface Outcome extends Pick<Run, 'status'> {
  readonly reason?: string | undefined;
  readonly held?: true | undefined;
}

function outcomeOf(
  { id, entry, serial, named }: Origin,
  { path, standing: { end, suspended }, deleted, stop }: Derived,
  floor: FloorLine,
  see: (id: string) => Node,
): Outcome {
  if (deleted) return { status: 'cancelled', reason: 'deleted' };
  if (path.length > 0) {
    if (end) return { status: end.status, reason: end.reason };
    if (stop) return { status: 'cancelling', reason: reasonOf(stop) };
    return { status: suspended ? 'suspended' : 'active' };
  }
  // P2: an answer takes in nothing that is older than its own question.
  const isTaker = ({ derived, serial: at }: Node): boolean => at < serial && derived.delivered.includes(id);
  if (named.some((each) => each.kind === 'output' && isTaker(see(each.run))))
    return { status: 'complete', reason: 'given to a running answer' };
  if (stop) return { status: 'cancelled', reason: reasonOf(stop) };
  if (serial.startsWith(FAILED)) return { status: 'error', reason: 'not sent' };
  if (entry.outer !== undefined) return { status: 'queued' };
  // P22: what the conversation has gone on from meanwhile is no longer an agent's to answer. What agents ask each other
  // about it does not count as that.
  const wasHeld = !isAgents(holderAt(floor, serial));
  const isFollowed = (name: string): boolean =>
    see(name)
      .named.filter(isOrigin)
      .some(({ kind, parent, outer, serial: at, message }) => {
        if (kind !== 'input' || parent !== name || outer !== undefined || at <= serial) return false;
        const { speaks, isReply } = see(message.id).derived;
        return speaks && (wasHeld || isReply);
      });
  if (isFollowed(entry.question) || isFollowed(answerIdOf(id)))
    return { status: 'complete', reason: 'followed while a person held the floor' };
  return { status: 'queued', held: !isAgents(floor.holder) || undefined };
}

function reasonOf(stop: Stop): string | undefined {
  if (stop.kind === 'cancel') return stop.record.reason;
  return stop.kind === 'input' ? 'replaced' : 'regenerated';
}
