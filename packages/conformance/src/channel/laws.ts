import { distinct, flag, multiple, total, unique } from './annotations/methods.ts';
import {
  annotatedOnce,
  annotationAnonymous,
  annotationIdUsed,
  annotationInvalid,
  annotationList,
  summaryVersions,
  typesApart,
} from './annotations/rules.ts';
import { atomic, emptyArray, retriedArray, stops } from './arrays/atomic.ts';
import { ordered } from './arrays/ordered.ts';
import { anonymous, anyoneAnnotates, creatorOnly, sameClient } from './authority/creator-only.ts';
import { authorStays, stamped } from './authority/stamped.ts';
import { fromAmidBurst } from './catch-up/from-amid-burst.ts';
import { from } from './catch-up/from.ts';
import { known } from './catch-up/known.ts';
import { reconnect } from './catch-up/reconnect.ts';
import { twoListeners } from './catch-up/two-listeners.ts';
import { wholeFirst } from './catch-up/whole-first.ts';
import { tombstone, updates } from './changes/update.ts';
import { oneMessage } from './compaction/one-message.ts';
import { connectionCut, connectionState, oneObject } from './connection/connection.ts';
import { apart, unsubscribed } from './connection/subscriptions.ts';
import { ahead, garbage, otherEpoch, tooOld, unmetAfterGap } from './gap/stale.ts';
import { appendOffset, appendOnce, codeUnits } from './idempotence/append-retry.ts';
import { createOnce, createRetriedLate } from './idempotence/create-once.ts';
import { createRace } from './idempotence/create-race.ts';
import { unknownOutcome } from './idempotence/unknown-outcome.ts';
import { otherContent, otherPublisher } from './idempotence/used-ids.ts';
import type { ChannelLaw } from './law.ts';
import { aborted, closed } from './limits/closed.ts';
import { invalid, notFound } from './limits/invalid.ts';
import { tooFast } from './limits/rate.ts';
import { grownTooLarge, tooLarge } from './limits/size.ts';
import { noOvertaking } from './order/no-overtaking.ts';
import { oneOrder } from './order/one-order.ts';
import { ownCalls } from './order/own-calls.ts';
import { appends, labels, texts, updated, values } from './payload/kept.ts';
import { enterLeave, leaveAbsent, presenceData } from './presence/enter-leave.ts';
import { kept, lost, presenceReconnect } from './presence/lease.ts';
import { closeLeaves, connections, scope, sync } from './presence/members.ts';
import { readBack, survivesRestart } from './receipts/read-back.ts';
import { sealNothing, sealRace, sealTwice, sealed } from './seal/seal.ts';
import { burst } from './seam/burst.ts';
import { empty } from './seam/empty.ts';
import { paging, pagingMeanwhile } from './seam/paging.ts';
import { until } from './seam/until.ts';
import { signalRefused, signalled } from './signals/signal.ts';

const LAWS = [
  ownCalls,
  noOvertaking,
  oneOrder,
  apart,
  burst,
  empty,
  paging,
  pagingMeanwhile,
  until,
  fromAmidBurst,
  from,
  known,
  reconnect,
  twoListeners,
  wholeFirst,
  unsubscribed,
  garbage,
  tooOld,
  ahead,
  otherEpoch,
  unmetAfterGap,
  createOnce,
  createRetriedLate,
  appendOnce,
  appendOffset,
  codeUnits,
  unknownOutcome,
  oneMessage,
  updates,
  readBack,
  survivesRestart,
  enterLeave,
  presenceData,
  leaveAbsent,
  lost,
  kept,
  presenceReconnect,
  sync,
  connections,
  scope,
  closeLeaves,
  closed,
  aborted,
  invalid,
  notFound,
  tooFast,
  tooLarge,
  grownTooLarge,
  creatorOnly,
  sameClient,
  anonymous,
  anyoneAnnotates,
  stamped,
  authorStays,
  createRace,
  otherContent,
  otherPublisher,
  sealed,
  sealRace,
  sealTwice,
  sealNothing,
  tombstone,
  signalled,
  signalRefused,
  total,
  flag,
  distinct,
  unique,
  multiple,
  annotatedOnce,
  annotationIdUsed,
  typesApart,
  summaryVersions,
  annotationList,
  annotationInvalid,
  annotationAnonymous,
  atomic,
  retriedArray,
  stops,
  emptyArray,
  ordered,
  texts,
  values,
  labels,
  appends,
  updated,
  oneObject,
  connectionState,
  connectionCut,
];

export type ChannelLawId = (typeof LAWS)[number]['id'];

/** Every law of the channel contract: the invariants in the order of their numbers, then the rules. */
export const CHANNEL_LAWS: readonly ChannelLaw<ChannelLawId>[] = LAWS;
