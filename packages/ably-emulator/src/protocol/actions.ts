/** What a protocol message asks for or tells, by its number on the wire. */
export const Action = {
  heartbeat: 0,
  ack: 1,
  nack: 2,
  connected: 4,
  disconnect: 5,
  disconnected: 6,
  close: 7,
  closed: 8,
  error: 9,
  attach: 10,
  attached: 11,
  detach: 12,
  detached: 13,
  presence: 14,
  message: 15,
  sync: 16,
  auth: 17,
  annotation: 21,
} as const;

/** What happened to a message. */
export const MessageAction = { create: 0, update: 1, delete: 2, meta: 3, summary: 4, append: 5 } as const;

export const PresenceAction = { absent: 0, present: 1, enter: 2, leave: 3, update: 4 } as const;

export const AnnotationAction = { create: 0, delete: 1 } as const;

export const Flag = { hasPresence: 1, hasBacklog: 2, resumed: 4 } as const;
