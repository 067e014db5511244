import { ChannelError, isChannelError, type Channel, type Channels, type Operation } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import { createAllowance } from './allowance.ts';
import { createAuthority } from './authority.ts';
import { checkAllowed } from './capabilities.ts';
import type { Clock } from './clock.ts';
import type { Capabilities, CapabilityOperation, Identity } from './identity.ts';
import type { GatewayLimits } from './limits.ts';
import { createPublishing, type Publishing } from './publishing.ts';

/** A channel as one client uses it. */
export interface Line {
  readonly channel: Channel;
  readonly publishing: Publishing;
}

/** The channels of one client, by the aliases that it gave them. */
export interface Lines {
  declare(alias: number, name: string): void;
  /**
   * The channel, if the client may do this there; what may be published is checked for each operation.
   *
   * @throws ChannelError `invalid` for an unknown alias or a bad name, `forbidden`
   */
  get(alias: number, operation?: CapabilityOperation): Line;
}

export interface LinesOptions {
  readonly engine: Pick<Engine, 'message'>;
  readonly channels: Channels;
  readonly identity: () => Identity;
  readonly limits: GatewayLimits;
  readonly clock: Clock;
  /** As in `GatewayContext`. */
  readonly waking?: ((channel: Channel) => Channel) | undefined;
}

/** How long operations may wait for their turn under the rate limit. */
const MAX_WAIT_MS = 2000;

export function createLines({
  engine,
  channels,
  identity,
  limits,
  clock,
  waking = (channel) => channel,
}: LinesOptions): Lines {
  const lines = new Map<number, Line | ChannelError>();
  /** Also those that have lost their alias: giving a channel another one makes nobody faster. */
  const byName = new Map<string, Line>();
  const rate = limits.operationsPerSecond;

  const find = (name: string): Line => {
    const known = byName.get(name);
    if (known !== undefined) return known;
    if (byName.size >= 2 * limits.channels) forget();
    const line = open(name);
    byName.set(name, line);
    return line;
  };
  const forget = (): void => {
    const used = new Set(lines.values());
    for (const [name, line] of byName) if (!used.has(line) && line.publishing.isIdle) byName.delete(name);
  };
  const open = (name: string): Line => {
    const channel = waking(channels.channel(name));
    const allowance = createAllowance({
      perSecond: rate,
      burst: rate * 2,
      maxWaitMs: MAX_WAIT_MS,
      now: () => clock.now(),
    });
    const authority = createAuthority({
      claims: identity().claims,
      nameOf: async (serial) => (await engine.message(name, serial))?.name,
    });
    const check = (operations: readonly Operation[]): void | Promise<void> => {
      for (const { action } of operations)
        checkAllowed(capabilities(), name, action === 'annotate' ? 'annotate' : 'publish');
      return authority.check(operations);
    };
    const { published } = authority;
    return { channel, publishing: createPublishing({ channel, allowance, clock, check, published }) };
  };
  const capabilities = (): Capabilities => identity().capabilities;

  return {
    declare(alias, name) {
      if (lines.size >= limits.channels && !lines.has(alias)) return;
      try {
        lines.set(alias, find(name));
      } catch (error) {
        if (!isChannelError(error)) throw error;
        lines.set(alias, error);
      }
    },
    get(alias, operation) {
      const line = lines.get(alias);
      if (line instanceof ChannelError) throw line;
      if (line !== undefined) {
        if (operation !== undefined) checkAllowed(capabilities(), line.channel.name, operation);
        return line;
      }
      if (lines.size >= limits.channels)
        throw new ChannelError('forbidden', `One connection may use ${limits.channels} channels at most.`);
      throw new ChannelError('invalid', 'channel: no channel has this alias', { path: 'channel' });
    },
  };
}
