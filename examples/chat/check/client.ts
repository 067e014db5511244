import { toUIMessages } from '@holdfast/ai-sdk';
import { openSession, type RunId, type Session } from '@holdfast/core';
import type { UIMessage } from 'ai';
import type { DeviceChannels } from './device-channels.ts';

/** One device: a session over sockets that can be cut, watched for text that is not what the model says. */
export interface Client {
  readonly name: string;
  readonly session: Session;
  readonly cuts: number;
  /** Kills the socket without a goodbye. */
  cut(): void;
  /** What this device shows for a run's answer. */
  text(run: RunId): string;
  close(): Promise<void>;
}

/** @param device closed with the client */
export async function openClient(name: string, sessionName: string, device: DeviceChannels): Promise<Client> {
  let cuts = 0;
  const session = openSession({ channels: device.channels, name: sessionName });
  await session.ready;
  return {
    name,
    session,
    get cuts() {
      return cuts;
    },
    cut() {
      if (device.cut() > 0) cuts += 1;
    },
    text(run) {
      const answer = session.run(run)?.output;
      const message = toUIMessages(session).find(({ id }) => id === answer);
      return message === undefined ? '' : textOf(message);
    },
    async close() {
      await session.close();
      await device.close();
    },
  };
}

function textOf({ parts }: UIMessage): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
}
