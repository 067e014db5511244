import { isChannelError } from '@holdfast/channel';
import type { ChannelErrorCode, Receipt, Serial } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import { closedError, SessionError, type SessionErrorCode } from '../errors.ts';
import { mint } from '../ids.ts';
import type { MessageId, RecordId, RunId } from '../ids.ts';
import { publishOne } from '../log/publish-one.ts';
import { openSessionLog } from '../log/session-log.ts';
import { createSessionProjection } from '../projection/session-projection.ts';
import { writeFields } from '../records/write.ts';
import type { CancelRecord, FloorRecord, SessionRecord, StateRecord } from '../records.ts';
import type { Sent, Session, SessionOptions } from '../session.ts';
import { isEnded } from '../snapshot.ts';
import type { Run, SessionSnapshot } from '../snapshot.ts';
import { composeInput, composeMessage, composeRegenerate, loaded } from './compose.ts';
import type { Asking, Context } from './compose.ts';
import { tabDevice } from './device.ts';
import { createFrame } from './frame.ts';
import { checkSessionName } from './name.ts';
import { watchParticipants } from './participants.ts';
import { createRefusals } from './refusals.ts';
import { createSnapshots } from './snapshots.ts';
import { openTabOutbox } from './tab-outbox.ts';

/**
 * Opens one participant's hold on a session. It begins to load at once; `ready` tells when it is live.
 *
 * @throws TypeError when the name is no session's (P32)
 */
export function openSession({
  channels,
  name,
  device = tabDevice(),
  pageSize = 50,
  outbox: openOutbox = openTabOutbox,
}: SessionOptions): Session {
  checkSessionName(name);
  const channel = channels.channel(name);
  const { connection } = channels;
  const log = openSessionLog(channel, createSessionProjection(), { pageSize });
  const { projection } = log;
  const listeners = new Set<() => void>();
  const selection = new Map<MessageId | null, MessageId>();
  let isReady = false;
  let isOpen = true;
  let isPresent = false;

  const frame = createFrame(() => {
    for (const listener of listeners) listener();
  });
  const changed = (): void => {
    snapshots.note();
    frame.request();
  };
  const participants = watchParticipants(channel, changed);
  const outbox = openOutbox({ log, connection, device, selection, changed });
  const refusals = createRefusals(
    projection,
    () => connection.clientId,
    () => outbox.refusals,
  );

  const status = (): SessionSnapshot['status'] => {
    if (!isOpen || !log.isOpen || connection.state.status === 'closed') return 'closed';
    if (!isReady) return 'connecting';
    if (connection.state.status !== 'connected') return 'offline';
    return log.isLive ? 'live' : 'connecting';
  };
  const snapshots = createSnapshots(projection, () => ({
    status: status(),
    participants: participants.current,
    refusals: refusals(),
    hasOlder: log.hasOlder,
    selection,
  }));

  log.subscribe((event) => {
    if (event.kind === 'signal') return;
    if (event.kind === 'stored') outbox.confirm(event.id, event.receipt);
    else {
      snapshots.note(event.kind === 'change' ? event.change : undefined);
      frame.request();
    }
  });
  const unwatch = connection.subscribe(changed);
  const ready = log.ready.then(
    () => {
      isReady = true;
      changed();
    },
    (cause: unknown) => {
      throw openingError(cause);
    },
  );
  ready.catch(() => {});

  const context: Context = { projection, selection, device };
  const publish = (record: SessionRecord, id: string = mint<RecordId>()): Promise<Receipt> => {
    const stored = outbox.publish(writeFields(id, record));
    // Whoever doesn't wait for it sees the refusal in the snapshot.
    stored.catch(() => {});
    return stored;
  };
  const show = (parent: MessageId | null, message?: MessageId): void => {
    if (message === undefined) selection.delete(parent);
    else selection.set(parent, message);
    snapshots.note(RESHOWN);
    frame.request();
  };
  const ask = ({ run, message, record, below }: Asking): Sent => {
    const stored = publish(record, run);
    // What was just asked for is what this view should show: the newest sibling.
    show(below);
    return { run, message, stored };
  };
  const cancel = (run: RunId, options: Omit<CancelRecord, 'kind' | 'run'> = {}): Promise<Receipt> =>
    publish({ kind: 'cancel', run, ...options });
  /** Where a message is stored; waits for one that is being sent. */
  const storedAt = async (message: MessageId): Promise<Serial> => {
    for (;;) {
      const { serial } = loaded(projection, message);
      if (serial) return serial;
      if (!log.isOpen) throw closedError();
      await new Promise<void>((resolve) => {
        const stop = log.subscribe(() => {
          stop();
          resolve();
        });
      });
    }
  };
  const unfinished = (): readonly Run[] =>
    projection.runs.filter(({ status }) => !isEnded(status) && status !== 'cancelling');

  return {
    name,
    device,
    get clientId() {
      return connection.clientId;
    },
    get snapshot() {
      return snapshots.current;
    },
    subscribe(listener) {
      const each = (): void => listener();
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    ready,
    unsent: outbox.unsent,
    send: (message, options = {}) => ask(composeInput(context, message, options)),
    regenerate(target, options = {}) {
      const asking = composeRegenerate(context, target, options);
      // P21
      for (const { id, input } of unfinished()) if (input === asking.message) void cancel(id);
      return ask(asking);
    },
    async cancel(run, options) {
      const runs = [run ?? unfinished().map(({ id }) => id)].flat();
      await Promise.all(runs.map((id) => cancel(id, options)));
    },
    steer: (run, message) => publish({ kind: 'steer', run, message: composeMessage(message) }),
    answer: ({ run, callId }, answer) => publish({ kind: 'answer', run, callId, answer, device }),
    annotate: async (message, annotation) =>
      publishOne(channel, { action: 'annotate', serial: await storedAt(message), annotation }),
    annotations: async (message, query) => channel.annotations(await storedAt(message), query),
    setState: (key, value) => publish(compact<StateRecord>({ kind: 'state', key, value })),
    floor(act, options) {
      const { holder } = projection.floor;
      const from = act !== 'take' && 'clientId' in holder ? holder.clientId : undefined;
      return publish(compact<FloorRecord>({ kind: 'floor', act, from, ...options }));
    },
    select: (message) => show(loaded(projection, message).parent, message),
    run: (id) => projection.run(id),
    message: (id) => projection.message(id),
    log: (run) => projection.text(run),
    async loadOlder() {
      const found = await log.loadOlder();
      changed();
      return found;
    },
    onSignal: (listener) => log.subscribe((event) => event.kind === 'signal' && listener(event.signal)),
    enter(data = null) {
      isPresent = true;
      return channel.presence.enter(data);
    },
    leave() {
      isPresent = false;
      return channel.presence.leave();
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      outbox.close();
      participants.close();
      unwatch();
      log.close();
      frame.cancel();
      for (const listener of listeners) listener();
      listeners.clear();
      if (isPresent) await channel.presence.leave().catch(() => {});
    },
  };
}

const RESHOWN = { tree: true, messages: new Set<MessageId>() };

function openingError(cause: unknown): SessionError {
  const code = isChannelError(cause) ? OPENING_CODES[cause.code] : undefined;
  return new SessionError(code ?? 'unavailable', `The session could not be opened: ${String(cause)}`, {
    cause,
  });
}

const OPENING_CODES: { readonly [K in ChannelErrorCode]?: SessionErrorCode } = {
  forbidden: 'forbidden',
  unauthenticated: 'forbidden',
  closed: 'closed',
  invalid: 'invalid',
};
