/** How long changes are gathered before listeners hear of them, in milliseconds: one frame at 60 Hz. */
const FRAME_MS = 16;

/** Calls `work` once per frame in which it was asked for. A timer and not an animation frame: those stop in hidden tabs. */
export interface Frame {
  request(): void;
  cancel(): void;
}

export function createFrame(work: () => void): Frame {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    request() {
      timer ??= setTimeout(() => {
        timer = undefined;
        work();
      }, FRAME_MS);
    },
    cancel() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
