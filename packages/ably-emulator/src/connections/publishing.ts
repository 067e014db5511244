import type { ChannelLog } from '../channels/channel-log.ts';
import type { ChangeKind } from '../channels/changing.ts';
import { MessageAction } from '../protocol/actions.ts';
import { refusal } from '../protocol/errors.ts';
import type { InboundFrame, InboundMessage } from '../protocol/frames.ts';
import { chooseIds } from '../channels/choose-ids.ts';
import type { Link } from './link.ts';

/** What one connection publishes. Each resolves with the serials for the acknowledgement. */
export interface Publishing {
  messages(frame: InboundFrame, msgSerial: number): Promise<readonly (string | null)[]>;
  annotations(frame: InboundFrame, msgSerial: number): Promise<readonly string[]>;
  presence(frame: InboundFrame, msgSerial: number): Promise<readonly string[]>;
}

const CHANGES: ReadonlyMap<number, ChangeKind> = new Map([
  [MessageAction.update, 'update'],
  [MessageAction.delete, 'delete'],
  [MessageAction.append, 'append'],
]);

export function createPublishing(link: Link): Publishing {
  const { context } = link;
  const channelOf = ({ channel }: InboundFrame) => context.hub.channel(link.identity.app, channel ?? '');
  const sender = () => ({ identity: link.identity, connectionId: link.id });

  const change = (log: ChannelLog, kind: ChangeKind, message: InboundMessage): Promise<string | null> => {
    const serial = message.serial ?? '';
    const key = `${log.name} ${serial}`;
    const apply = (requested: Parameters<ChannelLog['change']>[2]) => log.change(sender(), serial, requested);
    const { data, name, encoding, extras, version } = message;
    const requested = {
      kind,
      fields: { data, name, encoding, extras },
      ...(version != null && { operation: version }),
    };
    if (kind === 'append') {
      const { refusedAppend } = context.faults;
      context.faults.refusedAppend = undefined;
      if (refusedAppend !== undefined) return Promise.reject(refusedAppend);
      return link.rollUp.append(key, requested, apply);
    }
    link.rollUp.flush(key);
    return apply(requested);
  };

  return {
    async messages(frame, msgSerial) {
      const messages = frame.messages ?? [];
      const [first] = messages;
      if (first === undefined) throw refusal('invalidMessage', 'Nothing was published.');
      link.spend(messages.length);
      const { log } = channelOf(frame);
      const kind = CHANGES.get(first.action ?? MessageAction.create);
      if (kind === undefined) return log.create(sender(), chooseIds(messages, `${link.id}:${msgSerial}`));
      return Promise.all(messages.map((message) => change(log, kind, message)));
    },
    async annotations(frame, msgSerial) {
      const { log } = channelOf(frame);
      const annotations = frame.annotations ?? [];
      link.spend(annotations.length);
      const serials: string[] = [];
      for (const [index, each] of annotations.entries())
        serials.push(await log.annotate(sender(), each.id ?? `${link.id}:${msgSerial}:${index}`, each));
      return serials;
    },
    async presence(frame, msgSerial) {
      await link.seats.apply(channelOf(frame), link.identity, msgSerial, frame.presence ?? []);
      return [];
    },
  };
}
