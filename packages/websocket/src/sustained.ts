import type { ChannelError } from '@holdfast/channel';
import type { AnswerVerb, Calls } from './calls.ts';
import type { Down, UpFrame } from './wire.ts';

/** What is opened once and then kept open on every connection: subscriptions, watches, presence. */
export interface Sustained {
  /**
   * Opens it; `frame` is asked again for each later connection.
   *
   * @throws ChannelError
   */
  open<Verb extends AnswerVerb>(
    verb: Verb,
    channel: string,
    frame: (id: number, alias: number) => UpFrame,
  ): Promise<Opened<Verb>>;
  /** Opens everything again on a new connection. */
  reopen(): void;
  /** The gateway ended one, or refused to open it again. */
  failed(id: number, error: ChannelError): void;
  end(error: ChannelError | undefined): void;
}

export interface Opened<Verb extends AnswerVerb> {
  readonly answer: Down<Verb>;
  readonly closed: Promise<ChannelError | undefined>;
  close(): void;
}

interface Entry {
  readonly reopen: () => void;
  readonly end: (error: ChannelError | undefined) => void;
}

const REOPEN_MS = 500;

export function createSustained(calls: Calls, random: () => number): Sustained {
  const entries = new Map<number, Entry>();
  const timers = new Set<ReturnType<typeof setTimeout>>();

  return {
    async open(verb, channel, frame) {
      let id = 0;
      const answer = await calls.ask(verb, channel, (own, alias) => {
        id = own;
        return frame(own, alias);
      });
      let resolveClosed: (error: ChannelError | undefined) => void;
      const closed = new Promise<ChannelError | undefined>((resolve) => (resolveClosed = resolve));
      const end = (error: ChannelError | undefined): void => {
        if (entries.delete(id)) resolveClosed(error);
      };
      entries.set(id, { reopen: () => calls.tell(channel, (alias) => frame(id, alias)), end });
      return {
        answer,
        closed,
        close() {
          if (entries.has(id)) calls.tell(channel, () => ['end', id]);
          end(undefined);
        },
      };
    },
    reopen() {
      for (const { reopen } of entries.values()) reopen();
    },
    failed(id, error) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      if (!error.retryable) return entry.end(error);
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          if (entries.get(id) === entry) entry.reopen();
        },
        REOPEN_MS * (0.5 + random()),
      );
      timers.add(timer);
    },
    end(error) {
      for (const timer of timers) clearTimeout(timer);
      for (const { end } of entries.values()) end(error);
    },
  };
}
