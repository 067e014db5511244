import type { Channels } from '@holdfast/channel';
import type { Session } from '@holdfast/core';
import { PEOPLE, sessionOf } from '../people.ts';
import { Composer } from './composer.tsx';
import { Conversation } from './conversation.tsx';
import { usePresence, useSession, useSnapshot } from './use-session.ts';

interface CustomerProps {
  readonly channels: Channels;
  readonly as: string;
}

export function Customer({ channels, as }: CustomerProps) {
  const session = useSession(channels, sessionOf(as));
  return session && <Help session={session} name={PEOPLE[as]?.name ?? as} />;
}

function Help({ session, name }: { readonly session: Session; readonly name: string }) {
  usePresence(session);
  const { floor } = useSnapshot(session);
  const { holder, asked } = floor;
  const isPerson = holder.kind === 'person';
  const log = (error: unknown): void => console.error(error);
  return (
    <div className="help">
      <main className="device">
        <header>
          <div className="brand">
            <span className="mark" aria-hidden="true" />
            <div>
              <h1>Harbour Outfitters</h1>
              <p>Help for {name}</p>
            </div>
          </div>
          <p className="floor" data-holder={holder.kind}>
            {isPerson
              ? `You talk to ${PEOPLE[holder.clientId ?? '']?.name ?? 'a person'}`
              : 'You talk to our assistant'}
          </p>
        </header>
        <Conversation session={session} />
        <footer>
          <p className="status">
            {isPerson
              ? 'A person of our team answers here.'
              : asked
                ? 'Somebody of our team was asked to come.'
                : 'The assistant answers at once.'}
            {!isPerson && !asked && (
              <button
                type="button"
                className="link"
                onClick={() => {
                  session.floor('ask', { reason: 'The customer asked for a person.' }).catch(log);
                }}
              >
                Talk to a person
              </button>
            )}
          </p>
          <Composer
            label="Message"
            placeholder="Write to us…"
            onSend={(text) => {
              session.send({ parts: [{ type: 'text', text }] }).stored.catch(log);
            }}
          />
        </footer>
      </main>
    </div>
  );
}
