import { standingLength } from '@holdfast/codec';
import type { EndStatus, Fact } from '@holdfast/codec';
import type { ClaimEntry, LinkLog } from './entry.ts';

type End = Extract<Fact, { kind: 'end' }> & { readonly status: Exclude<EndStatus, 'suspended'> };

/** How much of a link's data stands, from its start. */
export interface Share {
  readonly link: ClaimEntry;
  length: number;
}

/** What stands of a path, and how it ends. */
export interface StandingLog {
  /** The last one is the growing link's, where there is one. */
  readonly shares: readonly Share[];
  length: number;
  /** False while data that a later link builds on has not arrived. */
  readonly whole: boolean;
  /** Links that count: the first, and those that said what stands of the past (P9). The next statement names the newest. */
  readonly counted: readonly ClaimEntry[];
  /** The link whose further text goes straight onto the end; absent where nothing more counts. */
  readonly growing?: ClaimEntry | undefined;
  readonly end?: End | undefined;
  /** The newest link has ended its leg, and nobody has claimed the next. */
  readonly suspended: boolean;
}

/**
 * The standing log of a path: what its newest counted link states of the past, then that link's own data (P9), cut at the
 * first end that isn't a suspended leg's (P11). Each link counts by its first `continue`, which names an earlier one that
 * counts; a stated length counts across links, in the whole of what stood.
 */
export function standingOf(path: readonly ClaimEntry[]): StandingLog {
  /** What each counted link builds on, itself last; an infinite share goes as far as the data does. */
  const known = new Map<string, readonly Share[]>();
  const counted: ClaimEntry[] = [];
  let stated: readonly Share[] = [];
  for (const link of path) {
    const fact = link.log.facts.find((each) => each.kind === 'continue');
    const base = fact && known.get(fact.serial);
    if (counted.length > 0 && !base) continue;
    stated = [...(base ? truncate(base, fact.length) : []), { link, length: Infinity }];
    known.set(link.serial, stated);
    counted.push(link);
  }
  const shares: Share[] = [];
  let whole = true;
  let end: End | undefined;
  for (const { link, length: limit } of stated) {
    const { length, facts } = link.log;
    const there = limit === Infinity ? length : countBack(link.log, Math.min(limit, length));
    end = facts.find(
      (fact): fact is End => fact.kind === 'end' && fact.status !== 'suspended' && fact.at <= there,
    );
    shares.push({ link, length: end?.at ?? there });
    whole = end !== undefined || limit === Infinity || limit <= length;
    if (end || !whole) break;
  }
  const last = counted.at(-1);
  const growing = whole && !end ? last : undefined;
  return {
    shares,
    length: shares.reduce((sum, share) => sum + share.length, 0),
    whole,
    counted,
    growing,
    end,
    suspended:
      growing !== undefined &&
      growing === path.at(-1) &&
      growing.log.facts.some(({ kind }) => kind === 'end'),
  };
}

function truncate(shares: readonly Share[], length: number): readonly Share[] {
  let left = length;
  return shares.flatMap(({ link, length: limit }) => {
    // A share whose data is not all there is a hole: what follows it is not shown, so its size doesn't matter yet.
    const size = Math.min(left, countBack(link.log, limit));
    left -= size;
    return size > 0 ? { link, length: size } : [];
  });
}

/** Where a stated length stands in the data (P9); one beyond the data is left as it is. */
export function countBack({ text }: LinkLog, length: number): number {
  return standingLength(text, length) ?? length;
}

/** The text that stands. */
export function standingText({ shares }: Pick<StandingLog, 'shares'>): string {
  return shares.map(({ link, length }) => link.log.text.slice(0, length)).join('');
}

/** The facts that stand, in order, each with the link that says it. */
export function standingFacts({ shares }: StandingLog): readonly (readonly [Fact, ClaimEntry])[] {
  return shares.flatMap(({ link, length }) =>
    link.log.facts.filter(({ at }) => at <= length).map((fact) => [fact, link] as const),
  );
}
