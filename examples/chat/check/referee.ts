import type { RunId, RunStatus } from '@holdfast/core';
import type { Client } from './client.ts';
import { until } from './until.ts';

/** Holds what devices show against what the model says. */
export interface Referee {
  /** The model's whole answer. */
  readonly expected: string;
  /** What went wrong so far. */
  readonly differences: readonly string[];
  /** At every change: what a device shows is a beginning of what the model says, and never gets shorter. */
  watch(client: Client, run: RunId): void;
  same(client: Client, run: RunId, text: string): void;
  differs(what: string): void;
  ended(clients: readonly Client[], run: RunId, status: RunStatus): Promise<void>;
  share(client: Client, run: RunId): string;
  /** Prints a step, with the time since the start. */
  readonly say: (text: string) => void;
}

export interface RefereeOptions {
  /** A device may show the end of what it has twice for a moment. */
  readonly repeats?: boolean;
}

export function createReferee(expected: string, { repeats = false }: RefereeOptions = {}): Referee {
  const started = performance.now();
  const differences: string[] = [];
  return {
    expected,
    differences,
    watch(client, id) {
      let longest = 0;
      const stop = client.session.subscribe(() => {
        const text = client.text(id);
        if (expected.startsWith(text) && text.length >= longest) longest = text.length;
        else if (!repeats || !repeatsItsEnd(text, expected)) {
          differences.push(`${client.name} showed something else ${difference(text, expected)}`);
          stop();
        }
      });
    },
    same(client, id, text) {
      const shown = client.text(id);
      if (shown !== text) differences.push(`${client.name} differs ${difference(shown, text)}`);
    },
    differs: (what) => void differences.push(what),
    async ended(clients, id, status) {
      for (const { name, session } of clients)
        await until(() => session.run(id)?.status === status, `${name} to see the run ${status}`);
    },
    share: (client, id) => `${Math.round((client.text(id).length / expected.length) * 100)} %`,
    say(text) {
      console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${text}`);
    },
  };
}

/** A beginning of what was expected, and some of its end again. */
function repeatsItsEnd(shown: string, expected: string): boolean {
  for (let at = shown.length - 1; at * 2 >= shown.length && at > 0; at -= 1) {
    const again = shown.slice(at);
    if (expected.startsWith(shown.slice(0, at)) && shown.slice(0, at).endsWith(again)) return true;
  }
  return false;
}

function difference(shown: string, wanted: string): string {
  let at = 0;
  while (at < shown.length && shown[at] === wanted[at]) at += 1;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 30), at + 30));
  return `at ${at} of ${shown.length}/${wanted.length}: ${around(shown)} instead of ${around(wanted)}`;
}
