import type { AnnotationSummary, Delivery, JsonValue, Message, Signal } from '@holdfast/channel';
import { MessageAction } from './actions.ts';
import { fromHeaders, withUserClaim } from './content.ts';
import { toMessageSerial } from './serials.ts';
import { toWireSummary } from './summary.ts';

/** A message as it goes out to clients, live or out of history. */
export interface WireMessage {
  readonly id: string;
  readonly name?: string;
  readonly data: JsonValue;
  readonly encoding?: string;
  readonly extras?: JsonValue;
  readonly clientId?: string;
  readonly connectionId?: string;
  readonly timestamp: number;
  readonly action: number;
  readonly serial?: string;
  readonly version?: JsonValue;
  readonly annotations?: { readonly summary: JsonValue };
}

/** The whole message at its latest version. `series` is the one that serials are issued under now. */
export function toWireMessage(message: Message, series: string): WireMessage {
  const { deleted, series: own = series } = fromHeaders(message.headers);
  const serial = toMessageSerial(message.serial, own);
  const isFirst = toMessageSerial(message.version, own) === serial;
  const changed = deleted === true ? MessageAction.delete : MessageAction.update;
  return {
    ...describe(message),
    action: isFirst ? MessageAction.create : changed,
    serial,
    version: versionOf(message, isFirst ? serial : toMessageSerial(message.version, series)),
    ...(message.annotations !== undefined && {
      annotations: { summary: toWireSummary(message.annotations.types) },
    }),
  };
}

/** What an append added, with all of the message beside its text. */
export function toWireAppend(
  message: Message,
  append: Extract<Delivery, { kind: 'append' }>,
  series: string,
): WireMessage {
  const whole = toWireMessage({ ...message, version: append.version, data: append.data }, series);
  return { ...whole, action: MessageAction.append };
}

export function toWireSummaryMessage(
  message: Message,
  summary: AnnotationSummary,
  series: string,
): WireMessage {
  const whole = toWireMessage({ ...message, annotations: summary, data: null }, series);
  return { ...whole, action: MessageAction.summary };
}

/** An ephemeral message: it has no serial, since it is in no log. */
export function toWireSignal(signal: Signal): WireMessage {
  return { ...describe(signal), action: MessageAction.create };
}

function describe(message: Message | Signal) {
  const { encoding, extras: own, connectionId } = fromHeaders(message.headers);
  const { id, name, data, clientId, timestamp } = message;
  const extras = withUserClaim(own, message);
  return {
    id,
    data,
    timestamp,
    ...(name !== '' && { name }),
    ...(encoding !== undefined && { encoding }),
    ...(extras !== undefined && { extras }),
    ...(clientId !== undefined && { clientId }),
    ...(connectionId !== undefined && { connectionId }),
  };
}

function versionOf(message: Message, serial: string): JsonValue {
  const { operation } = fromHeaders(message.headers);
  const timestamp = serial.slice(0, 14);
  return { ...operation, serial, timestamp: Number(timestamp) };
}
