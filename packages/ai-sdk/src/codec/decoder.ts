import { standingLength, type Decoder } from '@holdfast/codec';
import type { UIMessageChunk } from 'ai';
import { createDecodeRun } from './decode-run.ts';
import type { AnyChunk } from './push-chunks.ts';

/** Stands for all calls. */
const EVERY = { has: () => true };

/**
 * Reads UI message chunks out of a frame log; one that only watches gives none that makes a client run a tool, so that
 * such calls show as streaming until they are settled. It keeps what was pushed, piece by piece, because taking something back
 * means reading the step again.
 */
export function createDecoder({ watches = false } = {}): Decoder<UIMessageChunk> {
  let pieces: string[] = [];
  let run = createDecodeRun(watches ? EVERY : new Set());
  return {
    push(data) {
      pieces.push(data);
      return toChunks(run.push(data));
    },
    rewind(length) {
      if (length >= run.length) return [];
      const log = pieces.join('');
      const kept = log.slice(0, standingLength(log, length));
      const { stepAt, floor } = run;
      if (kept.length < floor) return undefined;
      const settled = run.state.calls.filter((call) => call.settled).map((call) => call.of);
      const again = createDecodeRun(watches ? EVERY : new Set([...run.held, ...settled]));
      again.push(kept.slice(0, stepAt));
      const chunks = again.push(kept.slice(stepAt));
      if (!watches) again.goLive();
      // The reset closes parts of earlier steps that are still open here.
      if ([...again.state.open.values()].some((part) => part.step < again.state.step)) return undefined;
      pieces = [kept];
      run = again;
      return toChunks([{ type: 'reset-step' }, ...chunks]);
    },
  };
}

function toChunks(chunks: readonly AnyChunk[]): readonly UIMessageChunk[] {
  return chunks as unknown as readonly UIMessageChunk[];
}
