/** A two-way stream of frames to the gateway, over whatever gets through. */
export interface Link {
  send(text: string): void;
  /** Lets go of it. What was sent before still arrives if the network lets it. */
  close(): void;
}

/** What a link tells; who has closed it passes over what still comes. */
export interface LinkEvents {
  /** Frames can be sent. */
  readonly opened: () => void;
  readonly received: (text: string) => void;
  /** It failed or was closed; may come more than once. */
  readonly closed: () => void;
}
