import type { Link, LinkEvents } from './link.ts';

/** A request that outlives its page may carry 64 KiB. */
const KEEPALIVE_CHARACTERS = 60_000;

/**
 * A link over plain HTTP: one request whose answer never ends brings frames down as server-sent events, and requests
 * with a batch of frames, one at a time, take them up. The first event is this stream's secret name, which the batches
 * bear as their first line.
 */
export function dialHttp(url: string, { opened, received, closed }: LinkEvents): Link {
  const abort = new AbortController();
  const waiting: string[] = [];
  let name: string | undefined;
  let sending = false;

  const post = async (): Promise<void> => {
    if (sending || name === undefined) return;
    sending = true;
    while (waiting.length > 0) {
      const body = [name, ...waiting.splice(0)].join('\n');
      // A batch that is on its way when the link is let go may still arrive: a goodbye, for one.
      const keepalive = body.length < KEEPALIVE_CHARACTERS;
      const { ok } = await fetch(`${url}/up`, { method: 'POST', body, keepalive });
      if (!ok) return closed();
    }
    sending = false;
  };

  const receive = (event: string): void => {
    if (name !== undefined) return received(event);
    name = event;
    opened();
  };

  const listen = async (): Promise<void> => {
    const { ok, body } = await fetch(`${url}/down`, { method: 'POST', signal: abort.signal });
    if (!ok || !body) return;
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      const lines = (rest + chunk.value).split('\n');
      rest = lines.pop() ?? '';
      // Comments and other fields are passed over.
      for (const line of lines) if (line.startsWith('data: ')) receive(line.slice(6));
    }
  };
  // What went wrong doesn't matter: the link is gone.
  listen().then(closed, closed);

  return {
    send(text) {
      waiting.push(text);
      post().catch(closed);
    },
    close: () => abort.abort(),
  };
}
