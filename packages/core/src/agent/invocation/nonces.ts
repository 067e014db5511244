/** Says whether a nonce is used for the first time, and notes it until it expires. Times in milliseconds since 1970. */
export type UseNonce = (nonce: string, expires: number) => boolean | Promise<boolean>;

const PRUNE_AT = 1024;

/** Knows the nonces that this process has seen. */
export function createNonces(now: () => number): UseNonce {
  const used = new Map<string, number>();
  return (nonce, expires) => {
    if (used.has(nonce)) return false;
    used.set(nonce, expires);
    if (used.size > PRUNE_AT) for (const [each, until] of used) if (until <= now()) used.delete(each);
    return true;
  };
}
