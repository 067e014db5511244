import { isEnded } from '../snapshot.ts';
import { bySerial } from './by-serial.ts';
import type { HasSerial } from './by-serial.ts';
import { describeRun } from './describe-run.ts';
import { isOrigin } from './entry.ts';
import type { ClaimEntry, OriginEntry } from './entry.ts';
import { agentOf, holderAt, isAgents, isReply as isReplyOf } from './floor-line.ts';
import type { FloorLine } from './floor-line.ts';
import { isLoaded } from './node.ts';
import type { Derived, Node, Origin, Stop } from './node.ts';
import { refuse } from './refuse.ts';
import { standingFacts, standingOf } from './standing.ts';
import type { RecordRefusal, RefusalCode } from './types.ts';

/** What becomes of a record that asks for a run. */
export function deriveRun(
  node: Origin,
  known: readonly RecordRefusal[],
  floor: FloorLine,
  see: (id: string) => Node,
): Derived {
  const { id, entry, serial } = node;
  const { kind, message, record, question } = entry;
  // P2: what it refers to counts where it is older, what refers to it where it is newer.
  const isNewer = (each: HasSerial): boolean => each.serial > serial;
  const older = (name: string | undefined): Origin | undefined => {
    const other = name === undefined ? undefined : see(name);
    return isLoaded(other) && other.serial < serial ? other : undefined;
  };
  const elder = (test: (elder: Derived) => boolean | undefined): Origin | undefined =>
    see(question).sayers.find((each) => each.serial < serial && test(see(each.id).derived));
  const about = node.named.filter(isNewer);
  const asking = about.filter(isOrigin);
  const cancels = about.filter((each) => each.kind === 'cancel');
  const again = see(question)
    .named.filter(isOrigin)
    .filter((each) => each.kind === 'regenerate' && isNewer(each));
  const host = older(record.run)?.derived;
  // Who asks again for what an agent asked, or adds to it too late, asks on behalf of the same run.
  const asked = kind === 'regenerate' ? elder((said) => said.speaks) : node;
  const outerRun = asked?.entry.outer ?? host?.outerRun;
  const outer = older(outerRun)?.derived;
  const replaced = older(record.replaces);

  const refusal =
    kind !== 'regenerate' && elder((said) => !said.isRefused && !said.replacedBy)
      ? 'conflict'
      : replaced && whyNot(entry, replaced);
  const to = record.to ?? host?.run?.to;
  // P22: a first output counts only while agents have the floor; where one of them has it, only that one's.
  const mayBegin = ({ serial: at, record: claim }: ClaimEntry): boolean => {
    const holder = holderAt(floor, at);
    const named = to ? undefined : agentOf(holder);
    return isAgents(holder) && !(named && claim && claim.agent !== named);
  };
  // P7: ascending serials, so that the first successor met is the lowest.
  const claims: ClaimEntry[] = [];
  for (const each of about)
    if (
      each.kind === 'output' &&
      each.run === id &&
      each.after === claims.at(-1)?.serial &&
      (claims.length > 0 || (!refusal && (entry.outer || mayBegin(each))))
    )
      claims.push(each);
  const [first] = claims;
  // P3: of the inputs that may stand for it the first, below its first output.
  const replacedBy = asking.find(
    (each) =>
      kind === 'input' &&
      each.record.replaces === message.id &&
      mayChange(each, [message.clientId]) &&
      !(first && first.serial < each.serial),
  );
  // P19: at the run's end an undelivered steer is a queued run.
  const isLeft = host?.run && isEnded(host.run.status) && !host.delivered.includes(id);
  const isAsked = kind === 'input' || (kind === 'steer' ? isLeft : asked !== undefined);
  const asks = isAsked === true && !refusal;

  // I16: agents and staff may end a run, a participant where the run, or one that it belongs to, is the same identity's.
  const owners = [message.clientId, ...(outer?.owners ?? [])];
  const stops = [
    ...[...cancels, ...again].filter((by) => mayChange(by, owners)),
    ...(replacedBy ? [replacedBy] : []),
    // P21: a cancel reaches the tree of sub-runs unless it says `only`.
    ...(outer?.stops.filter((by) => by.kind !== 'cancel' || !by.record.only) ?? []),
  ];
  // Who stops a run stops what was said to it before; what is said later is meant to be heard.
  const [stop] = [...stops, ...(host?.stops.filter(isNewer) ?? [])].sort(bySerial);

  const isReply = isReplyOf(entry, floor);
  // What asks nobody: an assistant's own message, or a person's reply.
  const runs = asks && !isReply && !(kind === 'input' && record.message?.role === 'assistant');
  // P11: a cancel below the first output means that the outputs count nowhere.
  const path = runs && !(stop && first && stop.serial < first.serial) ? claims : [];
  const deleted = path.some((link) => !link.record);
  const standing = standingOf(deleted ? [] : path);
  const derived: Derived = {
    isRefused: refusal !== undefined,
    speaks: asks && kind !== 'regenerate' && !replacedBy,
    isReply,
    replacedBy,
    outerRun,
    owners,
    stops,
    stop,
    path,
    standing,
    delivered: standingFacts(standing).flatMap(([fact]) => (fact.kind === 'steering' ? fact.id : [])),
    deleted,
    records: node.named.length,
    refusals: [
      ...known,
      ...(refusal ? [refuse(message, refusal)] : []),
      ...cancels.filter((by) => asks && !mayChange(by, owners)).map((by) => refuse(by.message, 'forbidden')),
    ],
  };
  return runs ? { ...derived, run: describeRun(node, derived, floor, see) } : derived;
}

/** Why an input may not stand for another one. */
function whyNot(entry: OriginEntry, { entry: replaced, derived }: Origin): RefusalCode | undefined {
  if (replaced.kind !== 'input') return undefined;
  if (!mayChange(entry, [replaced.message.clientId])) return 'forbidden';
  return derived.replacedBy?.serial === entry.serial ? undefined : 'late';
}

function mayChange({ role, message }: Stop, owners: readonly (string | undefined)[]): boolean {
  return role !== 'participant' || owners.includes(message.clientId);
}
