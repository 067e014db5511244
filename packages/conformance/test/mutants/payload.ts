import type { Headers, JsonValue } from '@holdfast/channel';
import type { ChannelLawId } from '../../src/channel.ts';
import type { FaultyChannels } from '../../src/faults.ts';
import type { Mutant } from '../honest-backend.ts';
import { overChannel, overOperation } from './over.ts';

/** Through UTF-8 and back: the halves of a pair become U+FFFD. */
function throughUtf8(text: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

function overData(change: (data: JsonValue) => JsonValue): Mutant {
  return {
    above: overOperation((operation) => {
      switch (operation.action) {
        case 'create':
          return { ...operation, draft: { ...operation.draft, data: change(operation.draft.data) } };
        case 'update':
          return { ...operation, draft: { ...operation.draft, data: change(operation.draft.data) } };
        default:
          return operation;
      }
    }),
  };
}

/** Copied key by key, which sets the prototype where the key says so. */
function copied(headers: Headers): Headers {
  const copy: Record<string, string> = {};
  for (const [key, value] of Object.entries(headers)) copy[key] = value;
  return copy;
}

/** A connection that tells its state, and none of its changes. */
function silent(channels: FaultyChannels): FaultyChannels {
  const { connection } = channels;
  return {
    ...channels,
    connection: {
      get state() {
        return connection.state;
      },
      clientId: connection.clientId,
      subscribe: () => () => {},
    },
  };
}

export const PAYLOAD = {
  'payload.texts': overData((data) => (typeof data === 'string' ? throughUtf8(data) : data)),
  'payload.values': overData((data) => data || null),
  'payload.labels': {
    above: overOperation((operation) =>
      operation.action === 'create'
        ? { ...operation, draft: { ...operation.draft, headers: copied(operation.draft.headers ?? {}) } }
        : operation,
    ),
  },
  'payload.appends': {
    above: overOperation((operation) =>
      operation.action === 'append' ? { ...operation, data: throughUtf8(operation.data) } : operation,
    ),
  },
  'payload.updates': overData((data) => data ?? 'nothing'),
  'contract.one-object': {
    above: (channels) => ({
      ...channels,
      channel: (name) => overChannel(() => ({}))(channels).channel(name),
    }),
  },
  'contract.connection': { above: silent },
  'contract.connection-cut': { above: silent },
} satisfies Partial<Record<ChannelLawId, Mutant>>;
