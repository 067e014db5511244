import type { Channels } from '@holdfast/channel';
import type { Session } from '@holdfast/core';
import { useState } from 'react';
import { customerOf, DESK, PEOPLE } from '../people.ts';
import { Composer } from './composer.tsx';
import { Conversation } from './conversation.tsx';
import { DeskList } from './desk-list.tsx';
import { FloorPanel } from './floor-panel.tsx';
import { NotesPanel } from './notes-panel.tsx';
import { usePresence, useSession, useSnapshot } from './use-session.ts';

interface ConsoleProps {
  readonly channels: Channels;
  readonly as: string;
}

/** What staff sees: the conversations, one of them, and beside it what only staff and the assistant read. */
export function Console({ channels, as }: ConsoleProps) {
  const desk = useSession(channels, DESK);
  const [name, setName] = useState<string>();
  const { name: me = as, title } = PEOPLE[as] ?? {};
  return (
    <div className="console">
      <nav aria-label="Conversations">
        <div className="brand">
          <span className="mark" aria-hidden="true" />
          <div>
            <h1>{me}</h1>
            <p>{title}</p>
          </div>
        </div>
        {desk && <DeskList desk={desk} chosen={name} onChoose={setName} />}
      </nav>
      {name === undefined ? (
        <main className="device none">
          <p>Choose a conversation.</p>
        </main>
      ) : (
        <Chosen key={name} channels={channels} name={name} />
      )}
    </div>
  );
}

function Chosen({ channels, name }: { readonly channels: Channels; readonly name: string }) {
  const session = useSession(channels, name);
  if (session === undefined) return <main className="device" />;
  return (
    <>
      <main className="device">
        <Answering session={session} />
      </main>
      <aside className="device">
        <FloorPanel session={session} />
        <NotesPanel channels={channels} session={name} />
      </aside>
    </>
  );
}

function Answering({ session }: { readonly session: Session }) {
  usePresence(session);
  const { floor, participants } = useSnapshot(session);
  const isPerson = floor.holder.kind === 'person';
  const customer = customerOf(session.name);
  const isHere = participants.some(({ clientId }) => clientId === customer);
  return (
    <>
      <header>
        <div className="brand">
          <div>
            <h1>{PEOPLE[customer]?.name ?? customer}</h1>
            <p>{isHere ? 'is here' : 'is away, and will read it'}</p>
          </div>
        </div>
      </header>
      <Conversation session={session} />
      <footer>
        <Composer
          label="Answer"
          placeholder={isPerson ? 'Answer the customer…' : 'The assistant answers. Take over first.'}
          disabled={!isPerson}
          onSend={(text) => {
            session.send({ parts: [{ type: 'text', text }] }).stored.catch((error: unknown) => {
              console.error(error);
            });
          }}
        />
      </footer>
    </>
  );
}
