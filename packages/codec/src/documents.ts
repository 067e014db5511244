export {
  readDocuments,
  resolve,
  unreadIn,
  type DocumentPatch,
  type Documents,
  type StoredDocument,
} from './documents/stored-document.ts';
export { createDocumentLog, type DocumentLog } from './documents/document-log.ts';
export type { Shown } from './documents/shown.ts';
export { at, drop, put } from './documents/place.ts';
export { textRange } from './documents/text-range.ts';
export {
  callsOf,
  isEvent,
  isSessionEvent,
  tellSessionEvents,
  writeSessionEvent,
  type ApprovalRequestEvent,
  type CallOutputEvent,
  type SessionEvent,
} from './documents/session-event.ts';
