import { createRandomId } from '@holdfast/channel';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A run is the work that one `input` or `regenerate` record asks for; its id is that record's id. */
export type RunId = Branded<'RunId'>;
/** A message of the conversation. An edit is a new record about an old message, so this is not a record's id. */
export type MessageId = Branded<'MessageId'>;
/** The id of a record, minted by its publisher. */
export type RecordId = Branded<'RecordId'>;
/** A device instance: one tab, one process. It routes; it is not authority. */
export type DeviceId = Branded<'DeviceId'>;

/** A new id: random, so that nobody has to be asked. */
export function mint<Id extends RunId | MessageId | RecordId | DeviceId>(): Id {
  return createRandomId() as string as Id;
}
