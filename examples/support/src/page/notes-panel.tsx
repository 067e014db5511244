import type { Channels } from '@holdfast/channel';
import type { Note, Notes } from '@holdfast/core/notes';
import { useSyncExternalStore } from 'react';
import { PEOPLE } from '../people.ts';
import { Composer } from './composer.tsx';
import { useNotes } from './use-session.ts';

interface NotesPanelProps {
  readonly channels: Channels;
  readonly session: string;
}

export function NotesPanel({ channels, session }: NotesPanelProps) {
  const notes = useNotes(channels, session);
  return notes && <Lane notes={notes} />;
}

function Lane({ notes }: { readonly notes: Notes }) {
  const list = useSyncExternalStore(notes.subscribe, () => notes.snapshot);
  return (
    <section className="panel notes" aria-label="Notes">
      <h2>
        Notes <span>never sent to the customer</span>
      </h2>
      <ul>
        {list.map((note) => (
          <li key={note.id} data-author={note.author.role}>
            <b>{authorOf(note)}</b> {note.parts.map((part) => (part.type === 'text' ? part.text : ''))}
          </li>
        ))}
        {list.length === 0 && <li className="said">None so far.</li>}
      </ul>
      <Composer
        label="Note"
        placeholder="For staff and the assistant…"
        button="Note"
        onSend={(text) => {
          notes.write({ parts: [{ type: 'text', text }] }).catch((error: unknown) => console.error(error));
        }}
      />
    </section>
  );
}

function authorOf({ author: { clientId = '', role } }: Note): string {
  return role === 'agent' ? 'Assistant' : (PEOPLE[clientId]?.name ?? clientId);
}
