import { DurableStream, stream as readStream } from '@durable-streams/client';
import { DurableStreamTestServer } from '@durable-streams/server';
import { startRedis } from '@holdfast/testing/redis-server';
import { memoryStream, resumeServerSentEventsResponse } from '@tanstack/ai';
import { createClient } from 'redis';
import { createResumableStreamContext } from 'resumable-stream';
import { EVENTS, joinLines, toLine, type Joined } from './answer.ts';

/** One way to hand on a run that somebody joins late, with the answer in it. */
export interface Peer {
  readonly name: string;
  join(): Promise<Joined>;
  close(): Promise<void>;
}

export async function openMemoryStream(): Promise<Peer> {
  const memory = memoryStream({ runId: 'r1' });
  await memory.append([...EVENTS]);
  await memory.close();
  return {
    name: 'TanStack AI, memoryStream: every chunk, in process',
    join: () =>
      joinLines(async () => {
        const adapter = memoryStream({ runId: 'r1', offset: '-1' });
        const { body } = resumeServerSentEventsResponse({ adapter });
        if (body === null) throw new Error('There is a run to replay.');
        return body;
      }),
    close: async () => {},
  };
}

/** Over Redis, but what it replays is in the memory of the process that streams; once a stream is over there is nothing to join. */
export async function openResumableStream(): Promise<Peer> {
  const redis = await startRedis({ appendonly: 'no' });
  const clients = Array.from({ length: 2 }, () => createClient({ url: redis.url }));
  const [publisher, subscriber] = clients;
  if (publisher === undefined || subscriber === undefined) throw new Error('There are two clients.');
  await Promise.all(clients.map((client) => client.connect()));
  const context = createResumableStreamContext({ waitUntil: null, publisher, subscriber });
  let end = (): void => {};
  const source = await context.createNewResumableStream(
    'r1',
    () =>
      new ReadableStream<string>({
        start(controller) {
          for (const event of EVENTS) controller.enqueue(toLine(event));
          end = () => controller.close();
        },
      }),
  );
  if (source === null) throw new Error('The stream is new.');
  // Whoever asked reads on.
  const reading = source.pipeTo(new WritableStream());
  return {
    name: 'resumable-stream: every chunk, over Redis',
    join: () =>
      joinLines(async () => {
        const joined = await context.resumeExistingStream('r1');
        if (!joined) throw new Error('The stream is under way.');
        return joined;
      }),
    async close() {
      end();
      await reading;
      for (const client of clients) await client.close();
      await redis.close();
    },
  };
}

/** Its reference server keeps the streams in memory here; a reader has as many requests as the answer has pages. */
export async function openDurableStream(): Promise<Peer> {
  const server = new DurableStreamTestServer({ port: 0 });
  const address = await server.start();
  const url = `${address}/v1/stream/r1`;
  const stream = await DurableStream.create({ url, contentType: 'text/event-stream' });
  // One after the other would be 10,000 requests; they go in batches.
  await Promise.all(EVENTS.map((event) => stream.append(toLine(event))));
  await stream.close();
  return {
    name: 'Durable Streams: every chunk, over HTTP',
    join: () =>
      joinLines(async () => {
        const response = await readStream({ url, offset: '-1', live: false });
        return response.bodyStream();
      }),
    close: () => server.stop(),
  };
}
