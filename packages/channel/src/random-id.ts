/** 96 random bits as 24 hexadecimal digits. Pages on plain http have no `crypto.randomUUID`. */
export function createRandomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
