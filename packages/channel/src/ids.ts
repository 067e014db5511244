declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Identifies a message and orders the log: of two messages of one channel, the earlier has the lower serial (`<`). */
export type Serial = Branded<'Serial'>;

/** Orders the changes of one channel (`<`). A create's version equals its message's serial. */
export type Version = Branded<'Version'>;

/** Where a subscriber stands in a channel. Opaque: pass it back to the channel that issued it, compare it with nothing. */
export type Position = Branded<'Position'>;

/** Where the next page of a listing starts. Opaque, and good only for the listing that issued it. */
export type Cursor = Branded<'Cursor'>;
