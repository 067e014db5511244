import type { OutboundFrame } from '../protocol/frames.ts';

/** Frames of one attachment, in order, though some must be looked up first. Nothing goes out before `open`. */
export interface Outlet {
  push(frames: readonly OutboundFrame[] | Promise<readonly OutboundFrame[]>): void;
  open(): void;
  close(): void;
}

export function createOutlet(send: (frame: OutboundFrame) => void): Outlet {
  let waiting: (readonly OutboundFrame[] | Promise<readonly OutboundFrame[]>)[] = [];
  let state: 'held' | 'open' | 'closed' = 'held';
  let pumping = false;

  const pump = async (): Promise<void> => {
    if (pumping) return;
    pumping = true;
    while (waiting.length > 0 && state === 'open') {
      const next = waiting.shift() ?? [];
      const frames = next instanceof Promise ? await next.catch(() => []) : next;
      if (state === 'open') frames.forEach(send);
    }
    pumping = false;
  };

  return {
    push(frames) {
      if (state === 'closed') return;
      if (frames instanceof Promise) frames.catch(() => {});
      waiting.push(frames);
      if (state === 'open') void pump();
    },
    open() {
      if (state === 'held') state = 'open';
      void pump();
    },
    close() {
      state = 'closed';
      waiting = [];
    },
  };
}
