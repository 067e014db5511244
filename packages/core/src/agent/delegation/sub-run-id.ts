import type { RunId } from '../../ids.ts';

/**
 * The id of what a run asks of another agent: the same for every process that does the run, so that no task is given twice. It
 * begins with the agent's name, for people who read logs.
 */
export function subRunId(parent: RunId, to: string, key: string): RunId {
  const name = to.replaceAll(/[^\w-]+/g, '-').slice(0, 24);
  const text = JSON.stringify([parent, to, key]);
  return `${name}-${hash(text, 0x811c9dc5)}${hash(text, 0x9dc5811c)}` as string as RunId;
}

/** FNV-1a, with its last bits mixed: nobody is kept out by it, two tasks just don't get one id by accident. */
function hash(text: string, seed: number): string {
  let state = seed;
  for (let at = 0; at < text.length; at += 1) {
    state ^= text.charCodeAt(at);
    state = Math.imul(state, 0x01000193);
  }
  state ^= state >>> 16;
  state = Math.imul(state, 0x2c1b3c6d);
  state ^= state >>> 15;
  return (state >>> 0).toString(36).padStart(7, '0');
}
