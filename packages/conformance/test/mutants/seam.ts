import type { Cursor, Message } from '@holdfast/channel';
import type { ChannelLawId } from '../../src/channel.ts';
import type { Mutant } from '../honest-backend.ts';
import { overChannel, overDelivery } from './over.ts';

export const SEAM = {
  // What is committed between reading the head and listening is lost.
  'I2.seam': {
    above: overDelivery((listener) => {
      let first = true;
      return (delivery) => {
        if (!first) listener(delivery);
        first = false;
      };
    }),
  },
  'I2.empty': {
    above: overChannel((channel) => ({
      history: async (query) => {
        const page = await channel.history(query);
        return page.messages.length === 0 ? { ...page, next: 'more' as Cursor } : page;
      },
    })),
  },
  // The first message of every next page is left out.
  'I2.paging': {
    above: overChannel((channel) => ({
      history: async (query) => {
        const page = await channel.history(query);
        return query?.cursor === undefined ? page : { ...page, messages: page.messages.slice(1) };
      },
    })),
  },
  // A cursor counts messages from the newest, which moves.
  'I2.paging-meanwhile': {
    above: overChannel((channel) => ({
      history: async ({ cursor, limit = 100 } = {}) => {
        const { messages } = await channel.history({ limit: 1000 });
        const from = Number(cursor ?? 0);
        const page = { messages: messages.slice(from, from + limit) };
        return from + limit < messages.length ? { ...page, next: String(from + limit) as Cursor } : page;
      },
    })),
  },
  'I2.until': {
    above: overChannel((channel) => ({
      history: ({ cursor, limit } = {}) =>
        channel.history({ ...(cursor !== undefined && { cursor }), ...(limit !== undefined && { limit }) }),
    })),
  },
  // One entry for each append.
  'I6.one-message': {
    above: overChannel((channel) => ({
      history: async (query) => {
        const page = await channel.history(query);
        return { ...page, messages: page.messages.flatMap(asEntries) };
      },
    })),
  },
} satisfies Partial<Record<ChannelLawId, Mutant>>;

function asEntries(message: Message): readonly Message[] {
  if (String(message.version) === String(message.serial)) return [message];
  return [message, { ...message, serial: message.serial.slice(0, -1) as Message['serial'] }];
}
