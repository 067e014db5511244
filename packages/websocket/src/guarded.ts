/** Calls a listener. Its fault is its owner's to see, and no reason to stop telling it what happens. */
export function guarded(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
