import { defineCommand } from 'citty';
import { pino } from 'pino';
import { openDevGateway } from './dev-gateway.ts';
import { openSecret } from './secret.ts';

const PATH = '.holdfast/dev.db';

export const dev = defineCommand({
  meta: { name: 'dev', description: 'Starts a gateway on this machine, over one SQLite file' },
  args: {
    port: { type: 'string', default: '4410', description: 'Where it listens, on 127.0.0.1' },
    path: { type: 'string', default: PATH, description: 'The SQLite file' },
    secret: {
      type: 'string',
      description:
        'What tokens are signed with, 32 bytes or more. Default: HOLDFAST_SECRET, or one that is kept beside the file',
    },
    verbose: { type: 'boolean', default: false, description: 'Logs more than warnings' },
  },
  async run({ args }) {
    const secret = args.secret ?? process.env['HOLDFAST_SECRET'] ?? (await openSecret(args.path));
    const logger = pino({ level: args.verbose ? 'info' : 'warn' }, pino.destination({ dest: 2, sync: true }));
    const gateway = await openDevGateway({ port: Number(args.port), path: args.path, secret, logger });
    const socket = gateway.address.replace('http', 'ws');
    console.log(`gateway   ${socket}/holdfast`);
    console.log(`tokens    ${gateway.address}/token?session=demo&user=ada   (&role=agent for agents)`);
    console.log(`sessions  ${args.path}`);
    const [signal] = await new Promise<[NodeJS.Signals]>((resolve) => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve([name]));
    });
    logger.info({ signal }, 'closing');
    await gateway.close();
    process.exit(0);
  },
});
