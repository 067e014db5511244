export { archiveRoute, type ArchiveRouteOptions } from './http/archive-route.ts';
export { forkRoute, type ForkRouteOptions } from './http/fork-route.ts';
export { requestFork, type RequestForkOptions } from './http/request-fork.ts';
export { createHttpArchive, type HttpArchiveOptions } from './http/http-archive.ts';
