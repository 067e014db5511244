export { archiveRoute, type ArchiveRouteOptions } from './http/archive-route.ts';
export { createHttpArchive, type HttpArchiveOptions } from './http/http-archive.ts';
