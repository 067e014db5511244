/** The gateway's end of a client's connection, whatever carries it. */
export interface Pipe {
  send(text: string): void;
  /** Bytes that were sent and have not left this process. */
  readonly buffered: number;
  /** Closes after what was sent. */
  close(): void;
  /** Closes at once. */
  destroy(): void;
}

export interface PipeEvents {
  received(text: string): void;
  /** What had piled up is gone. */
  drained(): void;
  /** Comes once, whoever closed it. `left`: the client said that it was leaving. */
  closed(left: boolean): void;
}
