import type { Dial } from './link.ts';

/**
 * A link over plain HTTP: one request whose answer never ends brings frames down as server-sent events, and requests
 * with a batch of frames, one at a time, take them up. The first event is this stream's secret name, which the batches
 * bear as their first line.
 */
export function dialHttp(url: string): Dial {
  return (events) => {
    const abort = new AbortController();
    let open = true;
    let name: string | undefined;
    let waiting: string[] = [];
    let sending = false;

    const fail = (): void => {
      if (!open) return;
      open = false;
      abort.abort();
      events.closed();
    };

    const post = async (): Promise<void> => {
      if (sending || name === undefined) return;
      sending = true;
      try {
        while (waiting.length > 0) {
          const body = [name, ...waiting].join('\n');
          waiting = [];
          // A batch that is on its way when the link is let go may still arrive: a goodbye, for one.
          const response = await fetch(`${url}/up`, {
            method: 'POST',
            body,
            keepalive: body.length < 60_000,
          });
          if (!response.ok) return fail();
        }
      } catch {
        fail();
      } finally {
        sending = false;
      }
    };

    const receive = (event: string): void => {
      if (!open) return;
      if (name !== undefined) return events.received(event);
      name = event;
      events.opened();
    };

    const listen = async (): Promise<void> => {
      try {
        const response = await fetch(`${url}/down`, { method: 'POST', signal: abort.signal });
        if (response.ok && response.body !== null) await readEvents(response.body, receive);
      } catch {
        // What went wrong doesn't matter: the link is gone.
      }
      fail();
    };
    void listen();

    return {
      send(text) {
        waiting.push(text);
        void post();
      },
      close() {
        open = false;
        abort.abort();
      },
    };
  };
}

/** Calls `receive` with the data of each event, until the stream ends. Comments and other fields are passed over. */
async function readEvents(body: ReadableStream<Uint8Array>, receive: (data: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) receive(line.slice('data: '.length));
  }
}
