import type { RunId } from '@holdfast/core';
import type { Client } from '../../chat/check/client.ts';

/** How long devices showed nothing new of an answer that went on. */
export interface Silence {
  watch(client: Client, run: RunId): void;
  /** Since it was asked last, in milliseconds. */
  longest(): number;
}

export function timeSilence(): Silence {
  let longest = 0;
  return {
    watch(client, run) {
      let length = 0;
      let at = performance.now();
      client.session.subscribe(() => {
        const shown = client.text(run).length;
        if (shown === length) return;
        const now = performance.now();
        if (length > 0) longest = Math.max(longest, now - at);
        length = shown;
        at = now;
      });
    },
    longest() {
      const result = Math.round(longest);
      longest = 0;
      return result;
    },
  };
}
