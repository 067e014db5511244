import type { Position, SubscribeOptions, Subscription, Delivery } from '@holdfast/channel';
import type { Annotation, ChannelStateChange, InboundMessage, Realtime, RealtimeChannel } from 'ably';
import { mapped, toChannelError } from '../errors.ts';
import { decodeSignal, isSignal } from '../wire/message.ts';
import { decodeSummary } from '../wire/summary.ts';
import { attachSerialOf } from './attach-serial.ts';
import { createAnnotationVersions, type AnnotationVersions } from './annotation-versions.ts';
import { createFanOut } from './fan-out.ts';
import { createLogView, type LogView } from './log-view.ts';

/** How long an attachment that nobody uses is kept, for whoever comes next. */
const LINGER_MS = 60_000;

/** One channel's live side: a single attachment, from which all that happens is told. */
export interface Stream {
  readonly ably: RealtimeChannel;
  readonly view: LogView;
  readonly versions: AnnotationVersions;
  /** Attaches, if need be, and keeps it so until the returned function is called. @throws ChannelError */
  use(): Promise<() => void>;
  subscribe(listener: (delivery: Delivery) => void, options: SubscribeOptions): Promise<Subscription>;
  /** Resolves once the view has got further than it is: a change, a gap, or the end. */
  moved(): Promise<void>;
  /** Ends everything and detaches. */
  close(): Promise<void>;
}

export function openStream(client: Realtime, name: string, lingerMs = LINGER_MS): Stream {
  const ably = client.channels.get(name, {
    attachOnSubscribe: false,
    modes: [
      'PUBLISH',
      'SUBSCRIBE',
      'PRESENCE',
      'PRESENCE_SUBSCRIBE',
      'ANNOTATION_PUBLISH',
      'ANNOTATION_SUBSCRIBE',
    ],
  });
  const view = createLogView();
  const versions = createAnnotationVersions(ably);
  const readers = createFanOut();
  const waiting: InboundMessage[] = [];
  let pumping = false;
  let users = 0;
  let linger: ReturnType<typeof setTimeout> | undefined;
  let wake: (() => void)[] = [];

  const moved = (): void => {
    const waiters = wake;
    wake = [];
    for (const waiter of waiters) waiter();
  };

  /** The whole message, where what came can't be understood without it. */
  const fetchWhole = async (serial: string): Promise<void> => {
    const change = view.put(await ably.getMessage(serial));
    if (change !== undefined) readers.change(change);
  };

  const applySummary = async (serial: string, message: InboundMessage): Promise<void> => {
    const version = versions.live(serial) ?? (await versions.read(serial));
    if (version === undefined) return;
    if (view.get(serial) === undefined) await fetchWhole(serial);
    const change = view.annotate(serial, version, decodeSummary(message.annotations.summary));
    if (change !== undefined && change !== 'missing') readers.change(change);
  };

  /** Takes one message in; a promise only where something must be read first. */
  const apply = (message: InboundMessage): Promise<void> | undefined => {
    const { serial = '' } = message;
    if (isSignal(message)) {
      readers.signal(decodeSignal(message));
      return undefined;
    }
    if (message.action === 'message.summary') return applySummary(serial, message);
    const change = message.action === 'message.append' ? view.append(message) : view.put(message);
    if (change === 'missing') return fetchWhole(serial);
    if (change !== undefined) readers.change(change);
    // A whole message may bring a summary that no summary message will tell.
    const isAnnotated = Object.keys(message.annotations.summary).length > 0;
    return isAnnotated && view.get(serial)?.message.annotations === undefined
      ? applySummary(serial, message)
      : undefined;
  };

  const pump = async (): Promise<void> => {
    if (pumping) return;
    pumping = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        const done = apply(next);
        if (done !== undefined) await done;
      } catch {
        // What can't be read back is lost to readers unless history tells them.
        lose();
      }
      moved();
    }
    pumping = false;
  };

  const lose = (): void => {
    view.reset(view.position);
    readers.gap(view.position);
  };

  const attached = ({ resumed }: ChannelStateChange): void => {
    if (resumed) return;
    waiting.length = 0;
    versions.clear();
    // Behind every message of the frame that the serial is of.
    view.reset(`${attachSerialOf(ably) ?? ''}:~` as Position);
    readers.gap(view.position);
    moved();
  };
  const failed = ({ reason }: ChannelStateChange): void => {
    readers.end(toChannelError(reason));
    moved();
  };
  const hear = (message: InboundMessage): void => {
    waiting.push(message);
    void pump();
  };
  const hearAnnotation = ({ messageSerial, serial }: Annotation): void =>
    versions.heard(messageSerial, serial);

  ably.on(['attached', 'update'], attached);
  ably.on('failed', failed);
  // Neither attaches by itself, as the options say; where a mode is not granted, what it would bring doesn't come.
  ably.subscribe(hear).catch(() => {});
  ably.annotations.subscribe(hearAnnotation).catch(() => {});

  const use = async (): Promise<() => void> => {
    clearTimeout(linger);
    users += 1;
    let used = true;
    const release = (): void => {
      if (!used) return;
      used = false;
      users -= 1;
      if (users > 0) return;
      clearTimeout(linger);
      linger = setTimeout(() => void ably.detach().catch(() => {}), lingerMs);
      if (typeof linger === 'object') linger.unref();
    };
    try {
      await mapped(ably.attach());
    } catch (error) {
      release();
      throw error;
    }
    return release;
  };

  return {
    ably,
    view,
    versions,
    use,
    async subscribe(listener, options) {
      const release = await use();
      return readers.open(listener, view.position, options, release);
    },
    moved: () => new Promise((resolve) => wake.push(resolve)),
    async close() {
      clearTimeout(linger);
      readers.end(undefined);
      ably.off(attached);
      ably.off(failed);
      ably.unsubscribe(hear);
      ably.annotations.unsubscribe(hearAnnotation);
      moved();
      await ably.detach().catch(() => {});
    },
  };
}
