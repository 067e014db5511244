import type { DownFrame } from './frames.ts';

/**
 * Reads what the gateway sent; throws for what is no frame. The gateway is who this client chose to trust, and both have
 * agreed on the protocol's version, so a page doesn't carry the shapes of all frames: `parseDown` checks them in tests.
 */
export function readDown(text: string): DownFrame {
  const frame: unknown = JSON.parse(text);
  if (Array.isArray(frame) && typeof frame[0] === 'string') return frame as unknown as DownFrame;
  throw new TypeError('no frame');
}
