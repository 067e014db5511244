import { mint } from '../ids.ts';
import type { DeviceId } from '../ids.ts';

const KEY = 'holdfast:device';

interface TabStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/**
 * This tab's id, which outlives a reload, so that a tool that runs here can be answered after one; random where there is
 * no tab, or where it may not remember.
 */
export function tabDevice(scope: { readonly sessionStorage?: TabStorage } = globalThis): DeviceId {
  try {
    const known = scope.sessionStorage?.getItem(KEY);
    const device = known === null || known === undefined ? mint<DeviceId>() : (known as string as DeviceId);
    scope.sessionStorage?.setItem(KEY, device);
    return device;
  } catch {
    // A page may be denied its storage.
    return mint();
  }
}
