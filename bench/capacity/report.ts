import type { Costs } from './model.ts';

/** Prints a Markdown table. */
export function print(title: string, [head = [], ...rows]: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  console.log(`\n${title}\n`);
  for (const each of [head, head.map(() => '---'), ...rows]) console.log(line(each));
}

export function round(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US', { maximumFractionDigits: 3 });
}

export function tableOf({ redis, gateway }: Costs): readonly (readonly string[])[] {
  const bytes = (value: number): string => `${round(value)} B`;
  const time = (ms: number): string => `${round(ms * 1000)} µs`;
  return [
    ['', 'Redis', 'gateway'],
    ['a session, its first message beside', bytes(redis.memory.session), ''],
    ['a message, its text beside', bytes(redis.memory.message), ''],
    ['a character', bytes(redis.memory.character), ''],
    ['a viewer', bytes(redis.memory.followed), bytes(gateway.memory.viewer)],
    ['a viewer who is present', `${bytes(redis.memory.present)} more`, ''],
    ['CPU: an append, from the agent to its own echo', time(redis.cpu.append), time(gateway.cpu.append)],
    ['CPU: the same append, heard by one more gateway', time(redis.cpu.published), time(gateway.cpu.heard)],
    ['CPU: a frame to a viewer', '', time(gateway.cpu.frame)],
    ['CPU: a viewer arrives', time(redis.cpu.arrival), time(gateway.cpu.arrival)],
    ['CPU: and is present', `${time(redis.cpu.entry)} more`, `${time(gateway.cpu.entry)} more`],
    [
      'CPU: a ping, and a look whether the session stands as known',
      time(redis.cpu.check),
      time(gateway.cpu.check),
    ],
    ['CPU: a renewal of presence', time(redis.cpu.renewal), time(gateway.cpu.renewal)],
  ];
}
