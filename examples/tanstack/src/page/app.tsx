import { AgentStatus } from '@holdfast/example-chat/page/agent-status';
import { Composer } from '@holdfast/example-chat/page/composer';
import { Header } from '@holdfast/example-chat/page/header';
import { SecondDevice } from '@holdfast/example-chat/page/second-device';
import { useChat } from '@tanstack/ai-react';
import { useSyncExternalStore } from 'react';
import type { Connected } from './connect.ts';
import { Conversation } from './conversation.tsx';

export function App({ session, connection, health, network, phone }: Connected) {
  const snapshot = useSyncExternalStore(session.subscribe, () => session.snapshot);
  const connected = useSyncExternalStore(network.subscribe, () => network.connected);
  const { messages, sendMessage } = useChat({ connection, threadId: session.name, live: true });
  const running = snapshot.runs.findLast(
    ({ status }) => status === 'active' || status === 'cancelling' || status === 'queued',
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
              sendMessage(text).catch((error: unknown) => console.error(error));
            }}
            onStop={() => {
              connection.cancel().catch((error: unknown) => console.error(error));
            }}
          />
        </footer>
      </main>
      {!phone && <SecondDevice session={session.name} />}
    </div>
  );
}
