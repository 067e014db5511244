import { isEnded, type Run, type RunId, type Session } from '@holdfast/core';
import type { AnyEvent } from '../codec/any-event.ts';
import { besideOf } from '../codec/beside.ts';
import { createMirror } from '../codec/mirror.ts';
import { toMessages } from '../codec/to-messages.ts';
import type { Names, Told } from './legs.ts';
import type { Request } from './request.ts';
import { toStarted, toTerminal, type Leg } from './terminal.ts';
import { toStateEvent, type SharedState } from '../state/state-events.ts';
import { toUIMessages } from './to-ui-messages.ts';
import { bindTo } from './bind-to.ts';
import { waitingHere } from './waiting.ts';

/** An event for a chat, and what to note once the chat has it. */
export interface Item {
  readonly event: AnyEvent;
  readonly note?: () => void;
}

export interface FeedContext {
  readonly session: Session;
  readonly names: Names;
  readonly answered: ReadonlySet<string>;
  /** What the chat was told, by this subscription and those before. */
  readonly told: Map<RunId, Told>;
  /** The chat was told of a shared state, by this subscription or one before. */
  readonly isStateTold: () => boolean;
  readonly tellState: () => void;
  /** What the chat waits for at the moment. */
  readonly pending: () => Request | undefined;
  /** The chat has what it waited for. */
  readonly settle: (request: Request) => void;
}

/** What one subscription of a chat is to be told. */
export interface Feed {
  /** What there is to tell now. */
  next(): readonly Item[];
  /** What was to be told has become void. */
  readonly isStale: boolean;
  /** The chat may have forgotten what it was told: it is told everything anew. */
  restart(): void;
}

const ACTIVE: ReadonlySet<string> = new Set(['active', 'cancelling']);

/**
 * Leads a chat to what its session shows. Whatever arrives is told as changes of messages, so that no text lands anywhere
 * else; what runs do is told around it, one rule before all: while the chat waits for a run of its own, it hears of the end
 * of no other.
 */
export function createFeed({
  session,
  names,
  answered,
  told,
  isStateTold,
  tellState,
  pending,
  settle,
}: FeedContext): Feed {
  const mirror = createMirror();
  let isStale = true;
  /** Every run that there was when something was last told; undefined before. */
  let met: readonly Run[] | undefined;
  /** The shared state that was told last. */
  let shared: SharedState | undefined;
  /** Runs that came since, of which the chat hasn't heard: they may be over already. */
  const unheard = new Set<RunId>();

  /** What is older than all that was met is history, and no news. */
  const meet = (): void => {
    const { runs } = session.snapshot;
    const last = met?.at(-1)?.id;
    if (met !== undefined && met !== runs)
      for (const { id } of runs.slice(runs.findIndex((run) => run.id === last) + 1)) unheard.add(id);
    met = runs;
  };

  const visible = (): readonly Run[] => {
    const { messages, runs } = session.snapshot;
    const shown = new Set<string>(messages.map(({ id }) => id));
    return runs.filter(({ input }) => shown.has(input));
  };
  const tell = (event: AnyEvent, note?: () => void): Item => {
    mirror.tell(event);
    return note === undefined ? { event } : { event, note };
  };
  /** A snapshot makes a chat forget which runs are under way: the one it waits for, or else all, are told again. */
  const items = (events: readonly AnyEvent[]): readonly Item[] => {
    const last = events.findLastIndex(({ type }) => type === 'MESSAGES_SNAPSHOT');
    const own = pending();
    const open = [...told].filter(([id, { isOpen }]) => isOpen && (own === undefined || own.run === id));
    return events.flatMap((event, at) => [
      { event },
      ...(at === last ? open.map(([, { leg }]) => tell(toStarted(leg))) : []),
    ]);
  };
  const begin = (run: RunId, leg: Told['leg']): Item =>
    tell(toStarted(leg), () => {
      const { beside = 0 } = told.get(run) ?? {};
      unheard.delete(run);
      told.set(run, { leg, isOpen: true, isAsked: false, length: 0, beside });
    });

  /** A request of this chat is over when its run has ended, or waits for something again. */
  const isOver = ({ run: id, from, isStored }: Request): boolean => {
    const run = id === undefined ? undefined : session.run(id);
    if (id === undefined) return true;
    if (run === undefined) return false;
    if (run.status !== 'suspended') return isEnded(run.status);
    return run.length > from || (isStored && waitingHere(session, run, answered).length > 0);
  };
  const end = (run: Run | undefined, leg: Leg, own?: Request): readonly Item[] => {
    const waiting = run === undefined ? [] : waitingHere(session, run, answered);
    const interrupts = bindTo(leg.name, waiting);
    const note = (): void => {
      for (const [id, known] of told)
        if (id === run?.id || known.leg === leg)
          told.set(id, { ...known, isOpen: false, isAsked: interrupts.length > 0, length: run?.length ?? 0 });
      if (own !== undefined) settle(own);
    };
    const terminal = toTerminal(session, { leg, run, interrupts, isOwn: own !== undefined });
    return [...touch(run), tell(terminal, note)];
  };
  /** A chat only takes an end for one where a message has been streamed to it since it last got the whole list. */
  const touch = (run: Run | undefined): readonly Item[] => {
    const message = run?.output === undefined ? undefined : session.message(run.output);
    const last = message === undefined ? undefined : toMessages(message).at(-1);
    const shown = mirror.messages.find(({ id }) => id === last?.id || id === `${run?.output}/${last?.id}`);
    if (shown === undefined) return [];
    return [tell({ type: 'TEXT_MESSAGE_START', messageId: shown.id, role: shown.role })];
  };
  /** A run that goes on, or asks for something, or does no longer ask. */
  const isStarting = (run: Run): boolean => {
    const known = told.get(run.id);
    if (known?.isOpen === true) return false;
    if (ACTIVE.has(run.status)) return true;
    if (known === undefined && unheard.has(run.id) && isEnded(run.status)) return true;
    const isOther = known === undefined || known.length !== run.length;
    if (run.status === 'suspended') return isOther && waitingHere(session, run, answered).length > 0;
    return known?.isAsked === true;
  };

  /** Events of open runs that no message shows; `begun` are those of which the chat is told just now that they began. */
  const beside = (runs: readonly Run[], begun: ReadonlySet<RunId>): readonly Item[] =>
    runs.flatMap(({ id, output }) => {
      const known = told.get(id);
      const message = output === undefined ? undefined : session.message(output);
      if ((known?.isOpen !== true && !begun.has(id)) || message === undefined) return [];
      const events = besideOf(message);
      const more = events.slice(known?.beside ?? 0).filter(isNews);
      const note = (): void => {
        const now = told.get(id);
        if (now !== undefined) now.beside = events.length;
      };
      if (more.length === 0) note();
      return more.map((event) => tell(event, note));
    });

  /** The session's shared state, whoever wrote it: first the whole of it, then what changes. */
  const state = (isAnew: boolean): readonly Item[] => {
    const now = session.snapshot.state;
    const isNothing = Object.keys(now).length === 0 && !isStateTold();
    const event = isNothing ? undefined : toStateEvent(isAnew ? undefined : shared, now);
    shared = now;
    return event === undefined ? [] : [{ event, note: tellState }];
  };

  const next = (): readonly Item[] => {
    const own = pending();
    const wanted = toUIMessages(session);
    meet();
    const runs = visible();
    const isOpen = [...told.values()].some((each) => each.isOpen);
    const ofOwn = own?.run === undefined ? undefined : told.get(own.run);
    const isAnnounced = own === undefined || (ofOwn?.isOpen === true && ofOwn.leg.name === own.name);
    const starting = own !== undefined ? [] : runs.filter(isStarting);
    // A chat that nobody tells about a run must not see one begin: it would wait for its end.
    const isQuiet = own === undefined && !isOpen;
    const news = state(isStale);
    const restarts = isStale || starting.length > 0 || (isQuiet && !mirror.shows(wanted));
    isStale = false;
    const begun = new Set<RunId>();
    const out: Item[] = [...news, ...items(restarts ? mirror.restart(wanted) : mirror.lead(wanted))];
    if (own !== undefined && !isAnnounced) {
      if (own.run === undefined) out.push(tell(toStarted(own)));
      else {
        out.push(begin(own.run, own));
        begun.add(own.run);
      }
    }
    for (const run of starting) {
      const leg = names.next(run, told.get(run.id));
      out.push(begin(run.id, leg));
      begun.add(run.id);
    }
    out.push(...beside(runs, begun));
    if (own !== undefined) {
      if (isOver(own)) out.push(...end(own.run && session.run(own.run), own, own));
    } else
      for (const [id, known] of told) {
        const run = runs.find((each) => each.id === id);
        const isResting = run === undefined || isEnded(run.status) || run.status === 'suspended';
        if (known.isOpen && isResting) out.push(...end(run, known.leg));
      }
    return out.length === 0 ? out : [...out, ...items(mirror.lead(wanted))];
  };

  return {
    next,
    get isStale() {
      return isStale;
    },
    restart() {
      isStale = true;
    },
  };
}

/**
 * Errors are told as the end of their run, readers that need hints get them with what they are about, and the state that a chat is
 * told of is the session's alone.
 */
function isNews({ type, name }: AnyEvent): boolean {
  return !TOLD_OTHERWISE.has(type) && name !== 'structured-output.start';
}

const TOLD_OTHERWISE: ReadonlySet<string> = new Set([
  'RUN_ERROR',
  'STEP_STARTED',
  'STATE_SNAPSHOT',
  'STATE_DELTA',
]);
