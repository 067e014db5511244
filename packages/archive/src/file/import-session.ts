import { reasoningLane } from '@holdfast/core/reasoning';
import { ArchiveError } from '../archive-error.ts';
import type { Archive, ArchivedMessage } from '../archive.ts';
import { checkHead, readEnd, readEntry } from './format.ts';
import { splitLines } from './split-lines.ts';

const BATCH = 500;

/**
 * Saves an exported session in an archive, under a name of the caller's choice. Whoever opens that name with `withArchive` goes
 * on where the export ended; its channel must be of the kind that the session came from, since the order of the log is the
 * order of their serials, and have no messages older than the export. The file's word is taken for who said what.
 *
 * @returns how many messages were saved
 * @throws ArchiveError `invalid` (no export, or a part of one), `conflict` (the archive has that session); what the archive
 * throws. Nothing of the file stays then.
 */
export async function importSession(
  archive: Archive,
  session: string,
  file: AsyncIterable<string> | Iterable<string>,
): Promise<number> {
  const { entries } = await archive.read(session, { limit: 1 });
  if (entries.length > 0)
    throw new ArchiveError('conflict', `The archive has a session named ${session} already.`);
  const lanes = new Set<string>();
  try {
    return await saveAll(archive, session, file, lanes);
  } catch (error) {
    for (const name of [session, ...lanes]) await archive.remove(name);
    throw error;
  }
}

async function saveAll(
  archive: Archive,
  session: string,
  file: AsyncIterable<string> | Iterable<string>,
  lanes: Set<string>,
): Promise<number> {
  /** Where the messages of the batch belong. */
  let name = session;
  let batch: ArchivedMessage[] = [];
  let line = 0;
  let count = 0;
  let isWhole = false;
  for await (const text of splitLines(file)) {
    line += 1;
    const value = parse(text, line);
    if (line === 1) {
      checkHead(value);
      continue;
    }
    const end = readEnd(value);
    if (end !== undefined) {
      isWhole = end.messages === count;
      break;
    }
    const { run, ...entry } = readEntry(value, line);
    const own = run === undefined ? session : reasoningLane(session, run);
    if (own !== session) lanes.add(own);
    if (batch.length > 0 && (own !== name || batch.length >= BATCH)) {
      await archive.save(name, batch);
      batch = [];
    }
    name = own;
    batch.push(entry);
    count += 1;
  }
  if (!isWhole) throw new ArchiveError('invalid', 'The file ends before the session does.');
  if (batch.length > 0) await archive.save(name, batch);
  return count;
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ArchiveError('invalid', `Line ${line} of the file is no JSON.`, { cause });
  }
}
