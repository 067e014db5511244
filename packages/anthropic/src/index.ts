export { messagesCodec } from './codec/messages-codec.ts';
export type { FailureEvent, MessagesEvent } from './codec/any-event.ts';
export type { ApprovalRequestEvent, CallOutputEvent } from '@holdfast/codec/documents';
