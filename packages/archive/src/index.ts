export type { Archive, ArchivedMessage, ArchivePage, ArchiveQuery, ArchiveReader } from './archive.ts';
export { pageLimit, pageOf } from './archive.ts';
export { ArchiveError, type ArchiveErrorCode } from './archive-error.ts';
export { createMemoryArchive } from './stores/memory-archive.ts';
export { withArchive } from './join/with-archive.ts';
export { createArchiver, type Archiver, type ArchiverOptions } from './save/archiver.ts';
export { exportSession } from './file/export-session.ts';
export { importSession } from './file/import-session.ts';
export { forkSession, type ForkOptions } from './fork/fork-session.ts';
