export { responsesCodec } from './codec/responses-codec.ts';
export type { ResponsesEvent } from './codec/any-event.ts';
export type { ApprovalRequestEvent, CallOutputEvent } from '@holdfast/codec/documents';
