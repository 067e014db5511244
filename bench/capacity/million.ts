import type { Load } from './model.ts';

/** A million open sessions, used in two ways; docs/capacity.md says what is assumed of them. */
const SESSIONS = 1_000_000;
/** Ten questions and answers. */
const MESSAGES = 20;
const CHARACTERS = 10 * (120 + 1800);
/** Of all sessions, somebody answers in so many at a time. */
const ANSWERING = 0.01;
/** A new connection every ten minutes. */
const STAY_SECONDS = 600;
/** The gateway's window joins appends of 40 ms. */
const MOST_FRAMES = 25;

interface Habits {
  /** An agent's appends. */
  readonly appendsPerSecond: number;
  readonly checkSeconds: number;
  /** Of the viewers. */
  readonly present: number;
}

/** Everybody watches a session of their own, and whoever answers comes in by another gateway. */
function million({ appendsPerSecond, checkSeconds, present }: Habits): Load {
  const answering = SESSIONS * ANSWERING;
  return {
    sessions: SESSIONS,
    messages: SESSIONS * MESSAGES,
    characters: SESSIONS * CHARACTERS,
    viewers: SESSIONS,
    present: SESSIONS * present,
    checkSeconds,
    renewalSeconds: 5,
    appendsPerSecond: answering * appendsPerSecond,
    gatewaysPerRun: 2,
    framesPerSecond: answering * Math.min(appendsPerSecond, MOST_FRAMES),
    arrivalsPerSecond: SESSIONS / STAY_SECONDS,
    entriesPerSecond: (SESSIONS / STAY_SECONDS) * present,
  };
}

export const MILLION: Readonly<Record<string, Load>> = {
  'as it comes': million({ appendsPerSecond: 70, checkSeconds: 10, present: 1 }),
  tuned: million({ appendsPerSecond: 20, checkSeconds: 30, present: 0 }),
};
