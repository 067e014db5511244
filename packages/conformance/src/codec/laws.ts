import { broken, later, whole } from './controls.ts';
import { coalesced, cuts, goesOn, joins } from './joining.ts';
import type { CodecLaw } from './law.ts';
import { anything, lossless, transient, unknown } from './lossless.ts';
import { notRunAgain, run } from './replaying.ts';
import { notRewound, rewound } from './rewinding.ts';
import { open, settled } from './settling.ts';
import { threaded } from './threaded.ts';

const LAWS = [
  coalesced,
  cuts,
  joins,
  goesOn,
  settled,
  open,
  rewound,
  notRewound,
  notRunAgain,
  lossless,
  unknown,
  anything,
  transient,
  threaded,
  run,
  later,
  broken,
  whole,
] as const;

export type CodecLawId = (typeof LAWS)[number]['id'];

/** All laws of codecs, in the order in which they are best read. */
export const CODEC_LAWS: readonly CodecLaw<CodecLawId>[] = LAWS;
