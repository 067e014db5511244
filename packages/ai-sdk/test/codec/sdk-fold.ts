import { readUIMessageStream, type UIMessage, type UIMessageChunk } from 'ai';
import { readUIMessageStream as readUIMessageStream6 } from 'ai6';

export const VERSIONS = ['ai', 'ai6'] as const;
export type Version = (typeof VERSIONS)[number];

export interface SdkFold {
  readonly message: UIMessage | undefined;
  readonly errors: readonly string[];
}

/** What the AI SDK's own reader folds from chunks. */
export async function sdkFold(chunks: readonly UIMessageChunk[], version: Version = 'ai'): Promise<SdkFold> {
  const errors: string[] = [];
  let message: UIMessage | undefined;
  // The reader shows a message only after some chunks: the last one is of that sort.
  const all: readonly UIMessageChunk[] = [
    ...chunks,
    { type: 'message-metadata', messageMetadata: { isEnd: true } },
  ];
  const stream = new ReadableStream<UIMessageChunk>({
    start(controller) {
      // The SDK takes a data chunk itself for its part, and changes it.
      for (const chunk of all) controller.enqueue(structuredClone(chunk));
      controller.close();
    },
  });
  const onError = (error: unknown): void =>
    void errors.push(error instanceof Error ? error.message : String(error));
  const messages =
    version === 'ai'
      ? readUIMessageStream({ stream, onError })
      : (readUIMessageStream6({ stream: stream as never, onError }) as unknown as AsyncIterable<UIMessage>);
  for await (const each of messages) message = each;
  return { message, errors };
}
