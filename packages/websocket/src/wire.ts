// The gateway protocol, both directions: what the client and the gateway share.
export { DOWN, UP, WIRE_VERSION, type Down, type DownFrame, type Up, type UpFrame } from './wire/frames.ts';
export { encodeFrame, parseDown, parseUp, type Parsed } from './wire/parse.ts';
export { readDown } from './wire/read-down.ts';
export { decodeError, encodeError, type WireError } from './wire/errors.ts';
export { createDeliveryEncoder, type DeliveryEncoder } from './wire/delivery-encoder.ts';
export { createDeliveryDecoder, type DeliveryDecoder, type DeliveryFrame } from './wire/delivery-decoder.ts';
export { createStanding, type Standing } from './wire/standing.ts';
