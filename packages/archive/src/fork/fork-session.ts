import type { Channels, Serial, Version } from '@holdfast/channel';
import { openSession, type MessageId, type RecordId, type RunId } from '@holdfast/core';
import { reasoningLane } from '@holdfast/core/reasoning';
import { ArchiveError } from '../archive-error.ts';
import type { Archive, ArchivedMessage } from '../archive.ts';
import { collect } from '../save/collect.ts';
import { saveLane, threadedRuns } from '../save/lanes.ts';
import { branchOf, readLineage, type Branch } from './branch.ts';
import { copyRecord } from './copy-record.ts';

export interface ForkOptions {
  /** A connection that may read the session; joined to its archive, where it has one. */
  readonly channels: Channels;
  readonly session: string;
  /** The last message that the copy has: an answer that is over, or a question, which is then asked anew. */
  readonly at: MessageId;
  /** The copy's name: a session that nobody has opened yet, on channels of the same kind. */
  readonly as: string;
  /** Where the copy is saved. It is opened `withArchive`. */
  readonly archive: Archive;
}

/**
 * Copies a session up to one message, to try something else without touching the original: the branch that leads there, with
 * who said what and when, and the shared state as it was then. Other branches stay behind, and so does who holds the floor.
 *
 * @throws ArchiveError `not_found` (no such message), `conflict` (the archive has a session of that name, or the answer is still
 * being written); ChannelError; what the archive throws
 */
export async function forkSession({ channels, session: name, at, as, archive }: ForkOptions): Promise<void> {
  const { entries } = await archive.read(as, { limit: 1 });
  if (entries.length > 0)
    throw new ArchiveError('conflict', `The archive has a session named ${as} already.`);
  const session = openSession({ channels, name });
  try {
    await session.ready;
    const lineage = await readLineage(session, at);
    const branch = branchOf(session, lineage);
    const copied = await copyBranch(channels, name, branch, lineage.at(-1)?.serial);
    for (const run of threadedRuns(copied))
      await saveLane(archive, channels.channel(reasoningLane(name, run)), reasoningLane(as, run));
    await archive.save(as, [...copied, ...settleOthers(copied, branch, at)]);
  } finally {
    await session.close();
  }
}

async function copyBranch(
  channels: Channels,
  name: string,
  branch: Branch,
  last: Serial | undefined,
): Promise<readonly ArchivedMessage[]> {
  const copied: ArchivedMessage[] = [];
  for await (const entries of collect(channels.channel(name)))
    for (const { message, annotations } of entries) {
      const copy = copyRecord(message, branch, last ?? '');
      if (copy !== undefined) copied.push({ message: copy, annotations });
    }
  return copied;
}

/**
 * A question whose answer on the branch came by asking again has a first answer too, which stays behind: the copy says that it
 * was cancelled, so that no agent sets out to give it.
 */
function settleOthers(
  copied: readonly ArchivedMessage[],
  { answered, steers }: Branch,
  at: MessageId,
): readonly ArchivedMessage[] {
  return copied.flatMap(({ message }) => {
    const { id, name } = message;
    const isAsked = name === 'input' || (name === 'steer' && !steers.has(id as string as RecordId));
    if (!isAsked || answered.has(id as string as RunId) || messageIdOf(message.data) === at) return [];
    // Right after the question, before whatever comes next.
    const serial = `${message.serial}!` as Serial;
    const cancel = {
      ...message,
      serial,
      version: serial as string as Version,
      id: `${message.id} left behind`,
      name: 'cancel',
      data: { run: message.id, only: true },
    };
    return [{ message: cancel, annotations: [] }];
  });
}

function messageIdOf(data: ArchivedMessage['message']['data']): unknown {
  const { message } = (data ?? {}) as { readonly message?: { readonly id?: unknown } };
  return message?.id;
}
