import { isChannelError } from '@holdfast/channel';
import { serve } from '@holdfast/server';
import { openStore, type Store } from './store.ts';

/** A gateway in a process of its own. It says its port, and what it could not help; it ends with who started it. */
async function run(store: Store): Promise<void> {
  const say = (fields: object, message: string): void => {
    process.stderr.write(`${message} ${'err' in fields ? String(fields.err) : ''}\n`);
  };
  const gateway = await serve({
    engine: await insist(() => openStore(store)),
    // Whoever has a name is let in.
    authenticate: (token) => ({ clientId: token ?? 'nobody', capabilities: { '*': ['*'] } }),
    port: 0,
    host: '127.0.0.1',
    limits: { operationsPerSecond: 1e6 },
    logger: { info() {}, warn() {}, error: say },
  });
  process.stdout.write(`${gateway.port}\n`);
}

/** As whoever supervises processes would. */
async function insist<T>(open: () => Promise<T>): Promise<T> {
  for (;;) {
    const [result] = await Promise.allSettled([open()]);
    if (result.status === 'fulfilled') return result.value;
    if (!isChannelError(result.reason) || !result.reason.retryable) throw result.reason;
  }
}

process.stdin.on('end', () => process.exit()).resume();
void run(JSON.parse(process.argv[2] ?? '') as Store);
