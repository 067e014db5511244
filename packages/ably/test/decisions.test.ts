import { serveAbly } from '@holdfast/ably-emulator';
import type { Claims } from '@holdfast/channel';
import type { Realtime } from 'ably';
import { describeClientTools } from '../../core/test/decisions/client-tools.ts';
import { describeForgery } from '../../core/test/decisions/forgery.ts';
import { describeProgress } from '../../core/test/decisions/progress.ts';
import { describeRaces } from '../../core/test/decisions/races.ts';
import type { Backend } from '../../core/test/decisions/stage.ts';
import { createAblyChannels } from '../src/index.ts';
import { createClient } from './ably-backend.ts';

/** The emulator, and the genuine client for everybody, each with a token of its own. */
async function open(): Promise<Backend> {
  const emulator = await serveAbly({});
  const clients: Realtime[] = [];
  return {
    connect(clientId, claims?: Claims) {
      const client = createClient(emulator, {}, clientId, claims);
      clients.push(client);
      return createAblyChannels({ client, messagesPerSecond: Infinity });
    },
    async close() {
      for (const client of clients) client.close();
      await emulator.close();
    },
  };
}

describeRaces('Ably', open);
describeClientTools('Ably', open);
describeForgery('Ably', open);
describeProgress('Ably', open);
