import type { Message, Position } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';

const LIMIT = 100;
const UNITS = { '': 0, s: 1000, m: 60_000 } as const;

/** The messages that `rewind` asks for, oldest first: a number of them (`10`), or those of some time (`15s`, `2m`). */
export async function readRewind(
  engine: Engine,
  key: string,
  until: Position,
  rewind: string | undefined,
  now: number,
): Promise<readonly Message[]> {
  const [, number, unit] = /^(\d+)([sm]?)$/.exec(rewind ?? '') ?? [];
  if (number === undefined || Number(number) === 0) return [];
  const spanMs = Number(number) * UNITS[unit === 's' || unit === 'm' ? unit : ''];
  const limit = spanMs === 0 ? Math.min(Number(number), LIMIT) : LIMIT;
  const { messages } = await engine.page(key, { until, limit });
  return messages.filter(({ timestamp }) => spanMs === 0 || timestamp >= now - spanMs).toReversed();
}
