import { Chat } from '@ai-sdk/react';
import { createChatTransport, syncChat, toUIMessages } from '@holdfast/ai-sdk';
import { openSession, watchHealth, type HealthWatch, type Session } from '@holdfast/core';
import { indexedDbOutbox } from '@holdfast/core/outbox';
import type { UIMessage } from 'ai';
import { openPageChannels } from '../channels/page.ts';
import { createSwitchableNetwork, type SwitchableNetwork } from './network.ts';

export interface Connected {
  readonly session: Session;
  readonly chat: Chat<UIMessage>;
  readonly health: HealthWatch;
  readonly network: SwitchableNetwork;
  /** The other devices of the page are framed in it; this one is the phone when it says so. */
  readonly phone: boolean;
  readonly stop: () => Promise<void>;
}

/** Opens the session that the address names and puts a genuine AI SDK chat on it. */
export async function connect(address: URL): Promise<Connected> {
  const name = address.searchParams.get('session') ?? 'demo';
  const phone = address.searchParams.get('device') === 'phone';
  const user = address.searchParams.get('user') ?? 'Ada';
  const network = createSwitchableNetwork();

  const channels = await openPageChannels(address, () => fetchToken(name, user), network);
  const outbox = indexedDbOutbox({
    // The page knows who is signed in before its connection does: what waits shows without a network.
    clientId: user,
    onError: (error) => console.warn(error.message),
  });
  const session = openSession({ channels, name, outbox });
  const chat = new Chat<UIMessage>({
    transport: createChatTransport(session),
    messages: toUIMessages(session),
  });
  const sync = syncChat(chat, session);
  session.ready.then(
    () => session.enter({ device: phone ? 'phone' : 'laptop' }),
    (error: unknown) => console.error('The session could not be opened', error),
  );
  // How long an agent may be there and not get on, until the page says so: to see it without waiting for half a minute.
  const stallMs = Number(address.searchParams.get('stallMs') ?? 30_000);
  return { session, chat, health: watchHealth(session, { stallMs }), network, phone, stop: sync.stop };
}

async function fetchToken(session: string, user: string): Promise<string> {
  const response = await fetch(`/token?${new URLSearchParams({ session, user }).toString()}`);
  if (!response.ok) throw new Error(`The server gave no token: ${response.status} ${response.statusText}`);
  return response.text();
}
