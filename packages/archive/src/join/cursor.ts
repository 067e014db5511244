import { ChannelError, type Cursor, type Serial } from '@holdfast/channel';

/** Where a listing of a channel with its archive goes on. */
export type Place =
  /** In the channel's own history, which `lowest` is the oldest message of so far. */
  | { readonly in: 'channel'; readonly cursor?: Cursor; readonly lowest?: Serial }
  /** In the archive, below `lowest`. */
  | { readonly in: 'archive'; readonly lowest?: Serial };

export function writePlace(place: Place): Cursor {
  return JSON.stringify(place) as Cursor;
}

/** @throws ChannelError `invalid` */
export function readPlace(cursor: Cursor | undefined): Place {
  if (cursor === undefined) return { in: 'channel' };
  try {
    const place = JSON.parse(cursor) as Place;
    if (place.in === 'channel' || place.in === 'archive') return place;
  } catch {
    // Said below.
  }
  throw new ChannelError('invalid', 'query.cursor: is no cursor of this listing', { path: 'query.cursor' });
}
