import { createWebSocketChannels } from '@holdfast/websocket';
import { defineCommand } from 'citty';
import WebSocket from 'ws';
import { issueToken } from '../token.ts';
import { readSecret, secretPath } from './secret.ts';
import { tailSession } from './session-tail.ts';

const PATH = '.holdfast/dev.db';

export const tail = defineCommand({
  meta: { name: 'tail', description: "Prints a session's records as they come" },
  args: {
    session: { type: 'positional', required: true, description: "The session's name" },
    url: { type: 'string', default: 'ws://127.0.0.1:4410/holdfast', description: "The gateway's address" },
    token: { type: 'string', description: 'What lets you in. Default: HOLDFAST_TOKEN' },
    secret: {
      type: 'string',
      description: 'Signs a token, where there is none. Default: HOLDFAST_SECRET, or that of `holdfast dev`',
    },
    full: { type: 'boolean', default: false, description: 'Prints lines as long as they are' },
  },
  async run({ args }) {
    const channels = createWebSocketChannels({ url: args.url, WebSocket, token: await findToken(args) });
    const width = args.full ? Number.POSITIVE_INFINITY : undefined;
    const following = tailSession(channels.channel(args.session), {
      print: (line) => console.log(line),
      ...(width !== undefined && { width }),
    });
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => following.close());
    const error = await following.closed;
    await channels.close();
    if (error !== undefined) throw error;
  },
});

interface TokenArgs {
  readonly session: string;
  readonly token?: string | undefined;
  readonly secret?: string | undefined;
}

async function findToken({ session, token, secret }: TokenArgs): Promise<string | (() => Promise<string>)> {
  const given = token ?? process.env['HOLDFAST_TOKEN'];
  if (given !== undefined) return given;
  const known = secret ?? process.env['HOLDFAST_SECRET'] ?? (await readSecret(secretPath(PATH)));
  if (known === undefined)
    throw new Error('A token is needed: give one with --token, or the secret of the gateway with --secret.');
  const issue = (): Promise<string> =>
    issueToken({
      secret: known,
      clientId: 'holdfast tail',
      claims: { role: 'staff' },
      capabilities: { [session]: ['subscribe', 'history'] },
      ttl: 3600,
    });
  // A secret that can't be right shows itself now, and not in attempts without end.
  await issue();
  return issue;
}
