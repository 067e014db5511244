import { compact } from '@holdfast/codec';
import type { RecordId } from '../ids.ts';
import type { Derived } from './node.ts';
import { countBack, standingOf, standingText } from './standing.ts';
import type { PathLink, Projection, Standing } from './types.ts';

export function pathOf({ path }: Derived): readonly PathLink[] {
  // Of a deleted answer nothing stands; what its links once said is told all the same.
  const { counted } = standingOf(path);
  return path.map((link) =>
    compact<PathLink>({
      serial: link.serial,
      record: link.message.id as string as RecordId,
      clientId: link.message.clientId,
      agent: link.record?.agent ?? '',
      attempt: link.record?.attempt ?? 1,
      stated: counted.includes(link),
      length: link.log.length,
    }),
  );
}

export function describeStanding({ standing }: Derived): Standing {
  const { length, whole } = standing;
  const shares = standing.shares.flatMap((share) => (share.length > 0 ? { ...share } : []));
  return {
    segments: shares.map((share) => ({ serial: share.link.serial, length: share.length })),
    length,
    whole,
    get text() {
      return standingText({ shares });
    },
  };
}

/** A control or a surrogate pair that is only half there can't be stated. */
export function statementOf({
  standing: { counted, shares, length },
}: Derived): ReturnType<Projection['statement']> {
  const newest = counted.at(-1);
  const last = shares.at(-1);
  return newest && last
    ? { serial: newest.serial, length: length - last.length + countBack(last.link.log, last.length) }
    : undefined;
}

/** Claims at the end of the path whose outputs hold nothing but opening controls (P14), and whose legs nobody has ended. */
export function claimsWithoutProgress({ path }: Derived): number {
  const last = path.findLastIndex(({ log }) =>
    log.facts.some(({ kind }) => kind === 'progress' || kind === 'end'),
  );
  return path.length - 1 - last;
}
