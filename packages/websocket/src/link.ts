/** A two-way stream of frames to the gateway, over whatever gets through. */
export interface Link {
  send(text: string): void;
  /** Lets go of it; no event comes any more. What was sent before still arrives if the network lets it. */
  close(): void;
}

export interface LinkEvents {
  /** Frames can be sent. */
  opened(): void;
  received(text: string): void;
  /** It failed or was closed by the other side. Comes once, and nothing after it. */
  closed(): void;
}
