import { useChat } from '@ai-sdk/react';
import { useSyncExternalStore } from 'react';
import type { Connected } from './connect.ts';
import { Composer } from './composer.tsx';
import { Conversation } from './conversation.tsx';
import { Header } from './header.tsx';
import { AgentStatus } from './agent-status.tsx';
import { SecondDevice } from './second-device.tsx';

export function App({ session, chat, health, network, phone, stop }: Connected) {
  const snapshot = useSyncExternalStore(session.subscribe, () => session.snapshot);
  const connected = useSyncExternalStore(network.subscribe, () => network.connected);
  const { messages, sendMessage } = useChat({ chat });
  const running = snapshot.runs.findLast(
    ({ status, serial }) =>
      // What is not sent yet, nobody works on.
      serial !== undefined && (status === 'active' || status === 'cancelling' || status === 'queued'),
  );

  const runHealth = useSyncExternalStore(health.subscribe, () => running && health.of(running.id));

  return (
    <div className={phone ? 'page phone' : 'page'}>
      <main className="device">
        <Header
          snapshot={snapshot}
          name={session.name}
          connected={connected}
          onConnect={(on) => network.set(on)}
          compact={phone}
        />
        <Conversation messages={messages} busy={running !== undefined} />
        <footer>
          <AgentStatus snapshot={snapshot} run={running} health={runHealth} connected={connected} />
          <Composer
            busy={running !== undefined}
            onSend={(text) => {
              sendMessage({ text }).catch((error: unknown) => console.error(error));
            }}
            onStop={() => {
              stop().catch((error: unknown) => console.error(error));
            }}
          />
        </footer>
      </main>
      {!phone && <SecondDevice session={session.name} />}
    </div>
  );
}
