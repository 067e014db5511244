import type { Annotation, AnnotationSummary, Delivery, Message, Serial, Version } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import { Action } from '../protocol/actions.ts';
import { toWireAnnotation } from '../protocol/annotation.ts';
import type { OutboundFrame } from '../protocol/frames.ts';
import { toWireAppend, toWireMessage, toWireSignal, toWireSummaryMessage } from '../protocol/message.ts';
import { toChannelSerial } from '../protocol/serials.ts';
import type { ChannelHub, HubChannel } from './channel-hub.ts';

export type Frames = readonly OutboundFrame[] | Promise<readonly OutboundFrame[]>;

export interface FramingOptions {
  readonly hub: ChannelHub;
  readonly channel: HubChannel;
  /** Single annotations are told as well as summaries. */
  readonly annotations: boolean;
  /** Every append comes as the whole message. */
  readonly whole: boolean;
}

/** What an attachment is told of a channel, as frames: its first word of a message is the whole message. */
export interface Framing {
  frames(delivery: Exclude<Delivery, { kind: 'gap' }>): readonly Frames[];
  message(message: Message, position: string): OutboundFrame;
  /** Nothing has been told any more. */
  reset(): void;
}

export function createFraming({ hub, channel, annotations, whole }: FramingOptions): Framing {
  const { name } = channel.log;
  const { series } = hub;
  /** The latest state of what was told, which increments go with. */
  const met = new Map<Serial, Message>();

  const frameOf = (message: object, position?: string): OutboundFrame => ({
    action: Action.message,
    channel: name,
    ...(position !== undefined && { channelSerial: position }),
    messages: [message],
  });

  const singleOf = async (
    message: Message,
    { version }: AnnotationSummary,
  ): Promise<readonly OutboundFrame[]> => {
    const single = await findAnnotation(hub.engine, channel.key, message.serial, version);
    if (single === undefined) return [];
    const { serial = '' } = toWireMessage(message, series);
    return [
      { action: Action.annotation, channel: name, annotations: [toWireAnnotation(single, serial, series)] },
    ];
  };

  const summaryFrames = (
    message: Message,
    summary: AnnotationSummary,
    position: string,
  ): readonly Frames[] => [
    ...(annotations ? [singleOf(message, summary)] : []),
    [frameOf(toWireSummaryMessage(message, summary, series), position)],
  ];

  return {
    frames(delivery) {
      if (delivery.kind === 'signal') return [[frameOf(toWireSignal(delivery.signal))]];
      const position = toChannelSerial(delivery.position);
      if (delivery.kind === 'message') {
        const { message } = delivery;
        const { annotations: summary } = message;
        const told = met.get(message.serial)?.annotations?.version;
        met.set(message.serial, message);
        const first = [frameOf(toWireMessage(message, series), position)];
        return summary === undefined || summary.version === told
          ? [first]
          : [first, ...summaryFrames(message, summary, position)];
      }
      const message = met.get(delivery.serial);
      if (message === undefined) return [];
      if (delivery.kind === 'annotations') {
        met.set(delivery.serial, { ...message, annotations: delivery.summary });
        return summaryFrames(message, delivery.summary, position);
      }
      const grown = { ...message, version: delivery.version, data: textOf(message) + delivery.data };
      met.set(delivery.serial, grown);
      return [
        [frameOf(whole ? toWireMessage(grown, series) : toWireAppend(message, delivery, series), position)],
      ];
    },
    message: (message, position) => frameOf(toWireMessage(message, series), position),
    reset: () => met.clear(),
  };
}

function textOf({ data }: Message): string {
  return typeof data === 'string' ? data : '';
}

async function findAnnotation(
  engine: Engine,
  key: string,
  serial: Serial,
  version: Version,
): Promise<Annotation | undefined> {
  let cursor;
  do {
    const page = await engine.annotations(key, serial, {
      limit: 1000,
      ...(cursor !== undefined && { cursor }),
    });
    const found = page.annotations.find((each) => each.version === version);
    if (found !== undefined) return found;
    cursor = page.next;
  } while (cursor !== undefined);
  return undefined;
}
