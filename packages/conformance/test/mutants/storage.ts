import type { Page } from '@holdfast/channel';
import type { ChannelLawId } from '../../src/channel.ts';
import type { Mutant } from '../honest-backend.ts';
import { overChannel, overHistory, overOperation } from './over.ts';

export const STORAGE = {
  // What an update leaves out is emptied.
  'I6.update': {
    above: overOperation((operation) =>
      operation.action === 'update'
        ? { ...operation, draft: { headers: {}, ...operation.draft } }
        : operation,
    ),
  },
  // History comes from a cache that every other read refreshes.
  'I7.read-back': {
    above: overChannel((channel) => {
      let cached: Promise<Page> | undefined;
      return {
        history: (query) => {
          const page = cached ?? channel.history(query);
          cached = cached === undefined ? page : undefined;
          return page;
        },
      };
    }),
  },
  // The newest message was in memory only.
  'I7.restart': {
    backend: (backend) => {
      let restarted = false;
      return {
        ...backend,
        connect: async (clientId, claims) => {
          const channels = await backend.connect(clientId, claims);
          return overHistory((messages) => (restarted ? messages.slice(1) : messages))(channels);
        },
        restart: async () => void (restarted = true),
      };
    },
  },
  'P23.tombstone': {
    above: overHistory((messages) => messages.filter(({ deleted }) => deleted !== true)),
  },
} satisfies Partial<Record<ChannelLawId, Mutant>>;
