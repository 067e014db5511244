export { openNotes, type Notes } from './notes/open-notes.ts';
export { staffLane, type Note, type OutgoingNote } from './notes/note.ts';
