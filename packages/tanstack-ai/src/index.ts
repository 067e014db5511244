export { agUiCodec } from './codec/ag-ui-codec.ts';
export { createConnection, type Connection, type ConnectionOptions } from './connection/create-connection.ts';
export { foldState, type SharedState } from './state/state-events.ts';
export { toUIMessages } from './connection/to-ui-messages.ts';
