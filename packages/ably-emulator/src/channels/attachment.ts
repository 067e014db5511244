import type { Delivery } from '@holdfast/channel';
import { Action, Flag } from '../protocol/actions.ts';
import { refusal, toWireError, type WireError } from '../protocol/errors.ts';
import type { OutboundFrame } from '../protocol/frames.ts';
import { fromChannelSerial, positionBefore, toChannelSerial } from '../protocol/serials.ts';
import type { ChannelHub, HubChannel } from './channel-hub.ts';
import { createFraming } from './framing.ts';
import { toFlags, type Mode } from './modes.ts';
import { createOutlet } from './outlet.ts';
import { createSyncs, toPresenceFrame } from './presence-frames.ts';
import { readRewind } from './rewind.ts';

export interface AttachOptions {
  readonly hub: ChannelHub;
  readonly channel: HubChannel;
  readonly connectionId: string;
  readonly modes: ReadonlySet<Mode>;
  /** What the client asks of the channel; those that mean something here are said back. */
  readonly params: Readonly<Record<string, string>>;
  /** Where the client stands, if it has been attached before. */
  readonly channelSerial: string | undefined;
  /** Whether positions of the past are still good. */
  readonly remembers: (channelSerial: string) => boolean;
  readonly send: (frame: OutboundFrame) => void;
  readonly now: () => number;
}

/** One connection's view of a channel, from ATTACHED on. */
export interface Attachment {
  /** Tells all members again. */
  sync(): void;
  close(): void;
}

const KNOWN_PARAMS = ['rewind', 'modes', 'echo', 'appendMode'];

/** Sends ATTACHED, then who is present, then what was missed, then what happens. */
export async function attach(options: AttachOptions): Promise<Attachment> {
  const { hub, channel, modes, params, channelSerial, send, now } = options;
  const { name } = channel.log;
  const outlet = createOutlet(send);
  const syncOf = createSyncs(name);
  const listens = modes.has('subscribe');
  const watches = modes.has('presence_subscribe');
  const framing = createFraming({
    hub,
    channel,
    annotations: modes.has('annotation_subscribe'),
    whole: params['appendMode'] === 'full',
  });
  let started = false;
  let resumed = channelSerial !== undefined && options.remembers(channelSerial);

  const attached = (position: string, flags: number, error?: WireError): OutboundFrame => ({
    action: Action.attached,
    channel: name,
    channelSerial: position,
    params: Object.fromEntries(Object.entries(params).filter(([key]) => KNOWN_PARAMS.includes(key))),
    flags: toFlags(modes) | flags,
    ...(error !== undefined && { error }),
  });

  /** Who is present, as it goes with ATTACHED: a flag, and a frame behind it. */
  const present = async () => {
    const members = watches ? await hub.engine.members(channel.key) : [];
    return members.length > 0
      ? { flag: Flag.hasPresence, frames: [syncOf(members)] }
      : { flag: 0, frames: [] };
  };

  const lose = async (position: string): Promise<readonly OutboundFrame[]> => {
    const { flag, frames } = await present();
    return [attached(position, flag, lost(name)), ...frames];
  };

  const deliver = (delivery: Delivery): void => {
    if (delivery.kind === 'gap') {
      resumed = false;
      framing.reset();
      if (started) outlet.push(lose(toChannelSerial(delivery.position)));
      return;
    }
    const frames = framing.frames(delivery);
    const isOwn = params['echo'] === 'false' && channel.log.acting === options.connectionId;
    if (listens && !isOwn) for (const each of frames) outlet.push(each);
  };

  const from = resumed ? fromChannelSerial(channelSerial ?? '') : undefined;
  resumed = from !== undefined;
  const subscription = await channel.follow.subscribe(deliver, from === undefined ? {} : { from });
  const presence = watches
    ? await channel.follow.presence.subscribe((event) => {
        if (event.kind !== 'sync') outlet.push([toPresenceFrame(name, event, now())]);
        else if (started) outlet.push([syncOf(event.members)]);
      })
    : undefined;

  const fresh = channelSerial === undefined && listens;
  const rewound = fresh
    ? await readRewind(hub.engine, channel.key, subscription.start, params['rewind'], now())
    : [];
  const [oldest] = rewound;
  const head = toChannelSerial(subscription.start);
  const start = oldest === undefined ? head : toChannelSerial(positionBefore(oldest.serial, hub.series));
  const { flag, frames } = await present();
  const flags = flag | (resumed ? Flag.resumed : 0) | (oldest === undefined ? 0 : Flag.hasBacklog);
  started = true;
  send(attached(start, flags, channelSerial === undefined || resumed ? undefined : lost(name)));
  for (const frame of frames) send(frame);
  for (const message of rewound) send(framing.message(message, head));
  outlet.open();

  return {
    sync: () => outlet.push(hub.engine.members(channel.key).then((members) => [syncOf(members)])),
    close() {
      outlet.close();
      subscription.close();
      presence?.close();
    },
  };
}

function lost(name: string): WireError {
  return toWireError(refusal('continuityLost', `What ${name} did since then is not known any more.`));
}
