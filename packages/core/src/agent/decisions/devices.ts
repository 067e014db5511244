import type { Channel, JsonValue, Member } from '@holdfast/channel';
import { compact, control, isObject } from '@holdfast/codec';
import type { ToolPart } from '@holdfast/codec';
import type { AttachedDevice, ClientToolOptions } from '../../decisions.ts';
import type { DeviceId } from '../../ids.ts';
import { watchMembers } from '../../presence/watch-members.ts';
import { roleOf } from '../../records/authority.ts';
import type { Run } from '../../snapshot.ts';

/** Which devices are there, as far as they say so in their presence data. */
export interface Devices {
  readonly attached: readonly AttachedDevice[];
  /** For how long a device has been gone, in milliseconds, as far as this process has seen; 0 for one that is there. */
  awayMs(device: string): number;
  close(): void;
}

export interface DevicesOptions {
  /** Milliseconds that only rise. */
  readonly now: () => number;
  /** Told which agent's last connection under an identity has gone. */
  readonly agentLeft?: (agent: PresentAgent) => void;
}

/** A process of an agent, as presence tells of it: several may go by one identity. */
export interface PresentAgent {
  readonly name: string;
  readonly clientId: string | undefined;
}

export function watchDevices(channel: Channel, { now, agentLeft }: DevicesOptions): Devices {
  const since = now();
  const lastSeen = new Map<string, number>();
  let attached: readonly AttachedDevice[] = [];
  let agents: ReadonlyMap<string, PresentAgent> = new Map();
  const members = watchMembers(channel, () => {
    const { current = [] } = members;
    for (const { device } of attached) lastSeen.set(device, now());
    attached = current.flatMap(toDevice);
    // That nothing is told any more says nothing of anybody.
    if (members.current === undefined) return;
    const before = agents;
    agents = new Map(current.flatMap(toAgent).map((agent) => [JSON.stringify(agent), agent]));
    for (const [key, agent] of before) if (!agents.has(key)) agentLeft?.(agent);
  });
  return {
    get attached() {
      return attached;
    },
    awayMs: (device) =>
      attached.some((each) => each.device === device) ? 0 : now() - (lastSeen.get(device) ?? since),
    close: () => members.close(),
  };
}

function toAgent({ clientId, claims, data }: Member): readonly PresentAgent[] {
  const said: JsonValue = data;
  const name = isObject(said) && roleOf(claims) === 'agent' ? said['agent'] : undefined;
  return typeof name === 'string' ? [{ name, clientId }] : [];
}

function toDevice({ clientId, claims, data }: Member): readonly AttachedDevice[] {
  const said: JsonValue = data;
  if (roleOf(claims) === 'agent' || !isObject(said)) return [];
  const { device, tools } = said;
  if (typeof device !== 'string' || !Array.isArray(tools)) return [];
  const names = tools.filter((tool): tool is string => typeof tool === 'string');
  return [compact<AttachedDevice>({ device: device as string as DeviceId, clientId, tools: names })];
}

/** A call that waits for a device, and the one that it should be given to: undefined where it may stay as it is. */
export function deviceFor(
  call: ToolPart,
  run: Run,
  devices: Devices,
  { choose = chooseDevice, awayMs = 5000 }: ClientToolOptions,
): AttachedDevice | undefined {
  const { device: current, name } = call;
  if (call.state !== 'proposed') return undefined;
  const able = devices.attached.filter(({ tools }) => tools.includes(name));
  if (current === undefined) {
    const chosen = choose(call, able, run);
    if (chosen !== undefined || run.device === undefined) return chosen;
    return compact<AttachedDevice>({
      device: run.device,
      clientId: run.author.clientId,
      tools: [name],
    });
  }
  if (devices.awayMs(current) <= awayMs) return undefined;
  const chosen = choose(call, able, run);
  return chosen?.device === current ? undefined : chosen;
}

function chooseDevice(
  { device: current }: ToolPart,
  devices: readonly AttachedDevice[],
  { device, author }: Run,
): AttachedDevice | undefined {
  const own = devices.filter(({ clientId }) => clientId === author.clientId);
  const asker = own.find((each) => each.device === device);
  // Who asked runs it, even where it doesn't say that it is there.
  return asker ?? (current === undefined && device !== undefined ? undefined : own[0]);
}

export function assign(callId: string, { device, clientId }: AttachedDevice, until?: number): string {
  return control(['assign', callId, compact({ device: device as string, clientId, until })]);
}
