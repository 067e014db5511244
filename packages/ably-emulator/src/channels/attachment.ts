import type { Delivery, Message, Serial } from '@holdfast/channel';
import { Action, Flag } from '../protocol/actions.ts';
import { toWireAnnotation } from '../protocol/annotation.ts';
import { refusal, toWireError } from '../protocol/errors.ts';
import type { OutboundFrame } from '../protocol/frames.ts';
import { toWireAppend, toWireMessage, toWireSignal, toWireSummaryMessage } from '../protocol/message.ts';
import { fromChannelSerial, positionBefore, toChannelSerial } from '../protocol/serials.ts';
import type { ChannelHub, HubChannel } from './channel-hub.ts';
import { toFlags, type Mode } from './modes.ts';
import { createOutlet } from './outlet.ts';
import { toPresenceFrame, toSyncFrame } from './presence-frames.ts';
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
  sync(): Promise<void>;
  close(): void;
}

const KNOWN_PARAMS = ['rewind', 'modes', 'echo', 'appendMode'];
let syncs = 0;

/** Sends ATTACHED, then who is present, then what was missed, then what happens. */
export async function attach(options: AttachOptions): Promise<Attachment> {
  const { hub, channel, modes, params, channelSerial, send, now } = options;
  const { name } = channel.log;
  const outlet = createOutlet(send);
  /** The latest state of what this attachment has met, which increments go with. */
  const met = new Map<Serial, Message>();
  let started = false;
  let continuous = channelSerial !== undefined && options.remembers(channelSerial);

  const frameOf = (message: object, position?: string): OutboundFrame => ({
    action: Action.message,
    channel: name,
    ...(position !== undefined && { channelSerial: position }),
    messages: [message],
  });

  const lookUpAnnotation = async ({ serial, summary }: Extract<Delivery, { kind: 'annotations' }>) => {
    const { annotations } = await hub.engine.annotations(channel.key, serial, { limit: 1000 });
    const single = annotations.findLast(({ version }) => version === summary.version);
    const message = met.get(serial);
    if (single === undefined || message === undefined) return [];
    const { serial: target = '' } = toWireMessage(message, hub.series);
    return [
      {
        action: Action.annotation,
        channel: name,
        annotations: [toWireAnnotation(single, target, hub.series)],
      },
    ];
  };

  const attached = (position: string, extra: { readonly flags?: number; readonly error?: unknown }) => ({
    action: Action.attached,
    channel: name,
    channelSerial: position,
    params: Object.fromEntries(Object.entries(params).filter(([key]) => KNOWN_PARAMS.includes(key))),
    ...extra,
    flags: toFlags(modes) | (extra.flags ?? 0),
  });
  const lost = () =>
    toWireError(refusal('continuityLost', `What ${name} did since then is not known any more.`));

  const deliver = (delivery: Delivery): void => {
    const isOwn = params['echo'] === 'false' && channel.log.acting === options.connectionId;
    if (isOwn && delivery.kind === 'signal') return;
    const position = delivery.kind === 'signal' ? undefined : toChannelSerial(delivery.position);
    switch (delivery.kind) {
      case 'gap':
        continuous = false;
        met.clear();
        if (started && position !== undefined) outlet.push([attached(position, { error: lost() })]);
        return;
      case 'signal':
        return outlet.push([frameOf(toWireSignal(delivery.signal))]);
      case 'message':
        met.set(delivery.message.serial, delivery.message);
        if (isOwn) return;
        return outlet.push([frameOf(toWireMessage(delivery.message, hub.series), position)]);
      case 'append': {
        const message = met.get(delivery.serial);
        if (message === undefined || isOwn) return;
        const whole = { ...message, data: `${String(message.data)}${delivery.data}` };
        met.set(delivery.serial, whole);
        const wire =
          params['appendMode'] === 'full'
            ? toWireMessage({ ...whole, version: delivery.version }, hub.series)
            : toWireAppend(message, delivery, hub.series);
        return outlet.push([frameOf(wire, position)]);
      }
      case 'annotations': {
        const message = met.get(delivery.serial);
        if (message === undefined) return;
        if (modes.has('annotation_subscribe')) outlet.push(lookUpAnnotation(delivery));
        outlet.push([frameOf(toWireSummaryMessage(message, delivery, hub.series), position)]);
      }
    }
  };

  const from = continuous ? fromChannelSerial(channelSerial ?? '') : undefined;
  continuous &&= from !== undefined;
  const listens = modes.has('subscribe') || modes.has('annotation_subscribe');
  const subscription = await channel.follow.subscribe(
    listens ? deliver : () => {},
    from === undefined ? {} : { from },
  );

  let present: OutboundFrame | undefined;
  const presence = modes.has('presence_subscribe')
    ? await channel.follow.presence.subscribe((event) => {
        if (event.kind !== 'sync') return outlet.push([toPresenceFrame(name, event, now())]);
        syncs += 1;
        const frame = toSyncFrame(name, event.members, syncs);
        if (started) outlet.push([frame]);
        else if (event.members.length > 0) present = frame;
      })
    : undefined;

  const rewound =
    channelSerial === undefined && listens
      ? await readRewind(hub.engine, channel.key, subscription.start, params['rewind'], now())
      : [];
  const [oldest] = rewound;
  const start = oldest === undefined ? subscription.start : positionBefore(oldest.serial, hub.series);
  started = true;
  send(
    attached(toChannelSerial(start), {
      flags:
        (continuous ? Flag.resumed : 0) |
        (present === undefined ? 0 : Flag.hasPresence) |
        (rewound.length > 0 ? Flag.hasBacklog : 0),
      ...(channelSerial !== undefined && !continuous && { error: lost() }),
    }),
  );
  if (present !== undefined) send(present);
  for (const message of rewound)
    send(frameOf(toWireMessage(message, hub.series), toChannelSerial(subscription.start)));
  outlet.open();

  return {
    async sync() {
      syncs += 1;
      outlet.push([toSyncFrame(name, await hub.engine.members(channel.key), syncs)]);
    },
    close() {
      outlet.close();
      subscription.close();
      presence?.close();
    },
  };
}
