import type { DownFrame } from './frames.ts';

/**
 * Reads what the gateway sent; undefined for what is no frame. The gateway is who this client chose to trust, and both have
 * agreed on the protocol's version, so a page doesn't carry the shapes of all frames: `parseDown` checks them in tests.
 */
export function readDown(text: string): DownFrame | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return Array.isArray(frame) && typeof frame[0] === 'string' ? (frame as unknown as DownFrame) : undefined;
  } catch {
    return undefined;
  }
}
