import type { ServerResponse } from 'node:http';
import type { Pipe, PipeEvents } from './pipe.ts';

/** Frames go down as server-sent events in an answer that never ends. The first event is the stream's name. */
export function openHttpPipe(response: ServerResponse, name: string, events: PipeEvents): Pipe {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    // Asks proxies that would collect the events not to.
    'x-accel-buffering': 'no',
  });
  const write = (text: string): void => void response.write(`data: ${text}\n\n`);
  write(name);
  response.on('drain', () => events.drained());
  response.on('close', () => events.closed(false));
  response.on('error', () => {});
  return {
    send(text) {
      if (!response.writableEnded) write(text);
    },
    get buffered() {
      return response.writableLength;
    },
    close: () => response.end(),
    destroy: () => response.destroy(),
  };
}
