import type {
  AnnotationSummary,
  Cursor,
  HistoryQuery,
  Message,
  Page,
  Position,
  Version,
} from '@holdfast/channel';
import type { InboundMessage, PaginatedResult, RealtimeChannel } from 'ably';
import { decodeMessage } from '../wire/message.ts';
import { decodeSummary, type SummaryTypes } from '../wire/summary.ts';
import { attachSerialOf } from './attach-serial.ts';
import type { AnnotationVersions } from './annotation-versions.ts';
import type { LogView } from './log-view.ts';

/** A listing that was begun: where its next message is. */
interface Place {
  readonly page: PaginatedResult<InboundMessage>;
  readonly index: number;
}

const DEFAULT_LIMIT = 100;
/** Listings that can be gone on with at once; an older one is found again from the newest message. */
const KEPT = 64;

export interface HistoryOptions {
  readonly ably: RealtimeChannel;
  readonly view: LogView;
  readonly versions: AnnotationVersions;
}

/** Reads a channel's messages, newest first. The cursor is the serial of a page's last message. */
export function createHistory({ ably, view, versions }: HistoryOptions) {
  const places = new Map<Cursor, Place>();

  const begin = async (until: Position | undefined, limit: number): Promise<Place> => {
    const attachSerial = attachSerialOf(ably);
    // What was attached to is where Ably itself can begin.
    const untilAttach =
      ably.state === 'attached' && attachSerial !== undefined && until === `${attachSerial}:~`;
    return { page: await ably.history({ limit, ...(untilAttach && { untilAttach }) }), index: 0 };
  };

  const next = async ({
    page,
    index,
  }: Place): Promise<{ item: InboundMessage; place: Place } | undefined> => {
    const item = page.items[index];
    if (item !== undefined) return { item, place: { page, index: index + 1 } };
    const following = page.hasNext() ? await page.next() : null;
    return following === null ? undefined : next({ page: following, index: 0 });
  };

  /** A message with its summary and the version of that, which Ably doesn't tell. */
  const complete = async (item: InboundMessage): Promise<Message> => {
    const { message } = decodeMessage(item);
    const types = decodeSummary(item.annotations.summary);
    const live = view.get(message.serial)?.message.annotations;
    if (Object.keys(types).length === 0) return live === undefined ? message : whereEmpty(message, live);
    if (live !== undefined && isSame(live.types, types)) return { ...message, annotations: live };
    // The list first, the summary after it: it is at least as fresh as its version says.
    const version = await versions.read(message.serial);
    const fresh = await ably.getMessage(message.serial);
    const annotations: AnnotationSummary = {
      version: (version ?? '') as Version,
      types: decodeSummary(fresh.annotations?.summary ?? {}),
    };
    return { ...decodeMessage(fresh).message, annotations };
  };

  return async ({ until, cursor, limit = DEFAULT_LIMIT }: HistoryQuery): Promise<Page> => {
    let place = (cursor === undefined ? undefined : places.get(cursor)) ?? (await begin(until, limit));
    const messages: Message[] = [];
    const fits = (serial = ''): boolean =>
      (until === undefined || serial <= until) && (cursor === undefined || serial < cursor);
    for (let found = await next(place); found !== undefined; found = await next(place)) {
      if (fits(found.item.serial) && messages.length === limit) break;
      place = found.place;
      if (fits(found.item.serial)) messages.push(await complete(found.item));
    }
    const last = messages.at(-1);
    const more = await next(place);
    if (last === undefined || more === undefined) return { messages };
    const own = last.serial as string as Cursor;
    places.set(own, place);
    const [oldest] = places.keys();
    if (places.size > KEPT && oldest !== undefined) places.delete(oldest);
    return { messages, next: own };
  };
}

function whereEmpty(message: Message, live: AnnotationSummary): Message {
  return Object.keys(live.types).length === 0 ? { ...message, annotations: live } : message;
}

/** Names and clients may come in another order. */
function isSame(a: SummaryTypes, b: SummaryTypes): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.entries(value)
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .map(([key, field]) => [key, sorted(field)]);
}
