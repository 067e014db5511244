import type { Position, Serial, Version } from '@holdfast/channel';
import {
  decodePosition,
  decodeVersion,
  encodePosition,
  encodeSerial,
  TICKS_PER_MS,
} from '@holdfast/channel/engine';

/**
 * Serials as Ably writes them: `<14 digits of milliseconds>-<counter>@<series>`, and for messages the index within their
 * frame, `:000`. Both sides compare as strings. The counter has four digits, since an engine counts to 1023.
 */
const SERIAL = /^(\d{14})-(\d{4})@([\w-]+)(:\d+)?$/;

function stamp(tick: number): string {
  const ms = String(Math.floor(tick / TICKS_PER_MS)).padStart(14, '0');
  return `${ms}-${String(tick % TICKS_PER_MS).padStart(4, '0')}`;
}

/** The serial of a message, an annotation or a version. */
export function toMessageSerial(version: Serial | Version, series: string): string {
  return `${stamp(decodeVersion(version) ?? 0)}@${series}:000`;
}

export function toChannelSerial(position: Position): string {
  const { epoch, tick } = decodePosition(position) ?? { epoch: 'none', tick: 0 };
  return `${stamp(tick)}@${epoch}`;
}

/** The position that a channel serial stands for; undefined where it is none. */
export function fromChannelSerial(serial: string): Position | undefined {
  const tick = tickOf(serial);
  const series = SERIAL.exec(serial)?.[3];
  return tick === undefined || series === undefined ? undefined : encodePosition(series, tick);
}

/** The engine's serial of a message; undefined for what no message of ours can have. */
export function fromMessageSerial(serial: string): Serial | undefined {
  const tick = tickOf(serial);
  return tick === undefined ? undefined : encodeSerial(tick);
}

/** Just before a message. */
export function positionBefore(serial: Serial, epoch: string): Position {
  return encodePosition(epoch, Math.max(0, (decodeVersion(serial) ?? 1) - 1));
}

function tickOf(serial: string): number | undefined {
  const [, ms, counter] = SERIAL.exec(serial) ?? [];
  return ms === undefined ? undefined : Number(ms) * TICKS_PER_MS + Number(counter);
}
