/** Characters that names of sessions leave to patterns and to the channels beside a session (P32). */
const RESERVED = /[:*[\p{Cc}]/u;

/** @throws TypeError */
export function checkSessionName(name: string): void {
  if (typeof name !== 'string' || name === '') throw new TypeError('name must be a non-empty string');
  if (RESERVED.test(name))
    throw new TypeError(`name ${JSON.stringify(name)} must not contain :, *, [ or control characters`);
}
