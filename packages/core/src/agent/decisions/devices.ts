import type { Channel, JsonValue } from '@holdfast/channel';
import { compact, control, isObject } from '@holdfast/codec';
import type { ToolPart } from '@holdfast/codec';
import type { AttachedDevice, ClientToolOptions } from '../../decisions.ts';
import type { DeviceId } from '../../ids.ts';
import { watchParticipants } from '../../session/participants.ts';
import type { Participant, Run } from '../../snapshot.ts';

/** Which devices are there, as far as they say so in their presence data. */
export interface Devices {
  readonly attached: readonly AttachedDevice[];
  /** For how long a device has been gone, in milliseconds, as far as this process has seen; 0 for one that is there. */
  awayMs(device: string): number;
  close(): void;
}

export function watchDevices(channel: Channel, now: () => number): Devices {
  const since = now();
  const lastSeen = new Map<string, number>();
  let attached: readonly AttachedDevice[] = [];
  const participants = watchParticipants(channel, () => {
    for (const { device } of attached) lastSeen.set(device, now());
    attached = participants.current.flatMap(toDevice);
  });
  return {
    get attached() {
      return attached;
    },
    awayMs: (device) =>
      attached.some((each) => each.device === device) ? 0 : now() - (lastSeen.get(device) ?? since),
    close: () => participants.close(),
  };
}

function toDevice({ clientId, data, role }: Participant): readonly AttachedDevice[] {
  const said: JsonValue = data;
  if (role === 'agent' || !isObject(said)) return [];
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
