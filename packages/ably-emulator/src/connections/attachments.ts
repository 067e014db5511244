import { attach, type Attachment } from '../channels/attachment.ts';
import { grantModes, readModes, type Mode } from '../channels/modes.ts';
import { createLock, type Lock } from '../channels/lock.ts';
import { Action } from '../protocol/actions.ts';
import { refusal, toAblyError, toWireError } from '../protocol/errors.ts';
import type { InboundFrame } from '../protocol/frames.ts';
import type { Link } from './link.ts';

interface Entry {
  readonly frame: InboundFrame;
  readonly modes: ReadonlySet<Mode>;
  readonly attachment: Attachment;
}

/** The channels that one connection is attached to. */
export interface Attachments {
  attach(channel: string, frame: InboundFrame): void;
  detach(channel: string): void;
  sync(channel: string): void;
  /** After a token was renewed: attachments that may do less or more now say so; those that may do nothing fail. */
  reconsider(): void;
  /** With the socket. The client attaches again over the next one. */
  dropAll(): void;
}

export function createAttachments(link: Link): Attachments {
  const { context, send } = link;
  const entries = new Map<string, Entry>();
  const locks = new Map<string, Lock>();
  let era = 0;

  const inOrder = (channel: string, work: () => Promise<void>): void => {
    const lock = locks.get(channel) ?? createLock();
    locks.set(channel, lock);
    const begun = era;
    lock(async () => {
      if (begun === era) await work();
    }).catch((error: unknown) => {
      if (begun === era) send({ action: Action.error, channel, error: toWireError(toAblyError(error)) });
    });
  };

  const open = async (name: string, frame: InboundFrame): Promise<void> => {
    const begun = era;
    const params = textParams(frame.params, link.echo);
    const channel = context.hub.channel(link.identity.app, name);
    const modes = grantModes(link.identity.capability, name, readModes(frame.flags ?? 0, params['modes']));
    if (modes.size === 0)
      throw refusal('notCapable', `The capability allows none of the modes asked for on ${name}.`);
    const last = entries.get(name);
    last?.attachment.close();
    const attachment = await attach({
      hub: context.hub,
      channel,
      connectionId: link.id,
      modes,
      params: params['modes'] === undefined ? params : { ...params, modes: [...modes].join(',') },
      channelSerial: frame.channelSerial ?? undefined,
      remembers: (serial) => serial > context.faults.forgottenUpTo,
      send: (out) => {
        if (begun === era) send(out);
      },
      now: context.now,
    });
    if (begun === era) entries.set(name, { frame, modes, attachment });
    else attachment.close();
  };

  return {
    attach: (name, frame) => inOrder(name, () => open(name, frame)),
    detach: (name) =>
      inOrder(name, async () => {
        entries.get(name)?.attachment.close();
        entries.delete(name);
        await link.seats.leave(context.hub.channel(link.identity.app, name).key);
        send({ action: Action.detached, channel: name });
      }),
    sync: (name) => inOrder(name, async () => entries.get(name)?.attachment.sync()),
    reconsider() {
      for (const [name, { frame, modes }] of entries) {
        const params = textParams(frame.params, link.echo);
        const wanted = readModes(frame.flags ?? 0, params['modes']);
        const granted = grantModes(link.identity.capability, name, wanted);
        if (granted.size === modes.size && [...granted].every((mode) => modes.has(mode))) continue;
        inOrder(name, () => open(name, frame));
      }
    },
    dropAll() {
      era += 1;
      for (const { attachment } of entries.values()) attachment.close();
      entries.clear();
      locks.clear();
    },
  };
}

function textParams(params: InboundFrame['params'], echo: boolean): Readonly<Record<string, string>> {
  const own = Object.fromEntries(Object.entries(params ?? {}).map(([key, value]) => [key, String(value)]));
  return echo ? own : { echo: 'false', ...own };
}
