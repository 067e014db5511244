import { openSqliteEngine } from '@holdfast/server/sqlite';
import { defineCommand, runMain } from 'citty';
import { serveAbly } from './serve-ably.ts';

/** Runs the `ably-emulator` command. Ends the process with 1 for bad arguments and failures. */
export async function main(args: string[]): Promise<void> {
  await runMain(command, { rawArgs: args });
}

const command = defineCommand({
  meta: {
    name: 'ably-emulator',
    description: "A local server that speaks Ably's protocol to the ably client",
  },
  args: {
    port: { type: 'string', default: '4420', description: 'Where it listens' },
    host: { type: 'string', default: '127.0.0.1', description: 'On which interface' },
    key: { type: 'string', default: 'local.key:secret', description: 'The key that lets clients in' },
    path: { type: 'string', description: 'A SQLite file to keep messages in. Default: in memory' },
    mutable: {
      type: 'string',
      description:
        'Namespaces whose messages can be changed and annotated, with commas between. Default: all',
    },
    rollup: {
      type: 'string',
      default: '40',
      description: 'appendRollupWindow of clients that ask for none, in ms',
    },
    rate: { type: 'string', description: 'Messages per second and connection. Default: no limit' },
  },
  async run({ args }) {
    const { path, mutable, rate } = args;
    const engine = path === undefined ? undefined : openSqliteEngine({ path });
    const emulator = await serveAbly({
      port: numberOf(args.port, 'port'),
      host: args.host,
      key: args.key,
      appendRollupWindowMs: numberOf(args.rollup, 'rollup'),
      ...(engine !== undefined && { engine }),
      ...(mutable !== undefined && {
        namespaces: Object.fromEntries(mutable.split(',').map((each) => [each, { mutableMessages: true }])),
      }),
      ...(rate !== undefined && { limits: { messagesPerSecond: numberOf(rate, 'rate') } }),
    });
    console.log(`listening  ${args.host}:${emulator.port}`);
    console.log(`client     new Ably.Realtime(${JSON.stringify(emulator.clientOptions)})`);
    console.log(`messages   ${path ?? 'in memory'}`);
    await new Promise((resolve) => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, resolve);
    });
    await emulator.close();
    await engine?.close();
    process.exit(0);
  },
});

function numberOf(text: string, name: string): number {
  const number = Number(text);
  if (text === '' || !Number.isInteger(number) || number < 0)
    throw new TypeError(`--${name} must be a whole number, not ${text}`);
  return number;
}
