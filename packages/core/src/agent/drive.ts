import type { Serial } from '@holdfast/channel';
import { abortable } from '../abortable.ts';
import type { RecordId, RunId } from '../ids.ts';
import { reasoningLane } from '../reasoning/thread.ts';
import { headOf } from '../records/answer-id.ts';
import { writeSignal } from '../records/signal.ts';
import type { Run } from '../snapshot.ts';
import { isEnded } from '../snapshot.ts';
import { startBeats } from './beats.ts';
import { openBudget } from './budget.ts';
import { claimRun, mintClaim, type Claim } from './claim.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { beginLeg, isAsked, isWorthIt, partsOf } from './decisions/take-up.ts';
import { isOwnCall } from './decisions/waiting.ts';
import { stopSubRuns } from './delegation/delegations.ts';
import type { DriveContext } from './drive-context.ts';
import { lengthToGoOn } from './go-on.ts';
import { withThreads } from './reasoning/threaded-output.ts';
import { fit, roomOf } from './room.ts';
import { createRunOutput, type RunOutput } from './run-output.ts';
import { createRunWriter, type Ending } from './run-writer.ts';
import { watchRun } from './watch-run.ts';
import { work } from './work.ts';

/**
 * Does one run, from the claim to its end. False when another process has it, or when it is over.
 *
 * A run that waits for its agent is taken up where it rests; one whose owner went silent is restarted, or gone on with.
 */
export async function driveRun<Chunk, Prompt>(
  context: DriveContext<Chunk, Prompt>,
  id: RunId,
): Promise<boolean> {
  const { log, options, closing, report } = context;
  const { projection } = log;
  const before = projection.run(id);
  if (before === undefined || isEnded(before.status)) return false;
  if (before.status === 'suspended' && !(await isWorthIt(context, before))) return false;
  const budget = openBudget(projection, id, options.recovery);

  const take = (record: RecordId, after: Serial | undefined): Promise<Claim | undefined> => {
    const { name: agent, claim = 'confirm' } = options;
    return claimRun(log, { id: record, run: id, agent, after, claim, signal: closing });
  };
  const after = projection.path(id).at(-1)?.serial;
  const claim = await take(mintClaim(id, after), after);
  if (claim === undefined || isEnded(projection.run(id)?.status ?? 'active')) return false;

  const watch = watchRun(log, id, closing);
  watch.own(claim.id);
  const ruled = new Set<RecordId>();
  const now = channelClock(projection.record(claim.id)?.timestamp ?? Date.now());
  const output = createRunOutput({
    channel: log.channel,
    claim,
    claimNext(serial) {
      // Noted before it comes back, so that it isn't taken for somebody else's.
      const record = mintClaim(id, serial);
      watch.own(record);
      return take(record, serial);
    },
    onFailed: (error) => watch.stop({ kind: 'failed', error }),
  });
  let written: RunOutput = output;
  const progress = (): number => written.progress;
  const beats = startBeats(log, {
    run: id,
    agent: options.name,
    everyMs: context.leaseMs / BEATS,
    seen: () => output.progress,
    progress,
  });
  try {
    const past = after === undefined ? '' : statePast(context, before, output);
    const { log: said, isOpen } = await beginLeg(context, { before, past, now: now(), ruled });
    if (options.reasoning === 'threaded')
      written = withThreads({
        output,
        run: id,
        channel: options.channels.channel(reasoningLane(log.channel.name, id)),
        main: log.channel,
        past,
        signal: closing,
        onError: (error) => report(error, id),
      });
    // Of a client's result that is too large, its call is told.
    const opening = fit(said, roomOf(log.channel)).text;
    const writer = createRunWriter({
      encoder: options.codec.encoder(headOf(id) + past + opening),
      output: written,
      past,
      room: roomOf(log.channel),
      sendSignals(chunks) {
        const signal = writeSignal({ kind: 'transient', run: id, codec: options.codec.name, chunks });
        log.channel.signal(signal).catch(() => {});
      },
    });
    writer.append(opening);
    const ending =
      turnedDown(context, id, budget.spent(claim.id)) ??
      (isOpen
        ? SUSPENDED
        : await work(context, {
            before,
            past,
            writer,
            watch,
            beats,
            now,
            ruled,
            progress,
          }));
    if (ending?.status === 'lost') {
      const { reason = 'lost' } = ending;
      stopSubRuns(log, id, { reason }).catch((error: unknown) => report(error, id));
    }
    // A channel that is out of reach doesn't keep an agent from closing.
    if (ending !== undefined) {
      await abortable(writer.end(ending), closing);
      await writeCheckpoint(log, claim, closing);
    }
  } catch (error) {
    if (watch.halt?.kind !== 'superseded' && watch.halt?.kind !== 'closing') report(error, id);
  } finally {
    // Whoever looks need not wait for a lease.
    if (watch.halt?.kind === 'closing') beats.state({ doing: 'closing' });
    beats.stop();
    watch.close();
  }
  return true;
}

/** In a lease. An agent that is silent may have been so for two of them before one is due. */
const BEATS = 4;

/** Says what stands of what was written before this claim (P9), and returns it. */
function statePast<Chunk, Prompt>(
  { log, options }: DriveContext<Chunk, Prompt>,
  { id, status }: Run,
  output: RunOutput,
): string {
  const statement = log.projection.statement(id);
  if (statement === undefined) throw new Error('A run that was taken before has something to state.');
  const { serial, length } = statement;
  const standing = log.projection.standing(id).text.slice(0, length);
  // What somebody was asked, and what the handler has done, is not done again.
  const mustGoOn = partsOf(standing).some((part) => isOwnCall(part) || isAsked(part));
  const goesOn = options.onTakeover === 'continue' || mustGoOn ? lengthToGoOn(standing) : 0;
  // Of a run that rests, or waits for its end, everything stays.
  const kept = status === 'active' ? goesOn : length;
  output.state(serial, kept);
  return standing.slice(0, kept);
}

/** The channel's time as this process can tell it: as of a message that it has just seen, in milliseconds since 1970. */
function channelClock(timestamp: number): () => number {
  const at = performance.now();
  return () => timestamp + performance.now() - at;
}

const SUSPENDED: Ending = { status: 'suspended' };

/** How a run ends without its handler being called. */
function turnedDown<Chunk, Prompt>(
  { log, reject }: DriveContext<Chunk, Prompt>,
  id: RunId,
  spent: string | undefined,
): Ending | undefined {
  const run = log.projection.run(id);
  if (run?.status === 'cancelling') return { status: 'cancelled', reason: run.reason };
  if (spent !== undefined) return { status: 'lost', reason: spent };
  return reject === undefined ? undefined : { status: 'error', reason: reject };
}
