import { refusal } from '../protocol/errors.ts';

/** What may be done on which channels: operations by channel pattern, as in a key or a token. */
export type Capability = ReadonlyMap<string, ReadonlySet<string>>;

export type Operation =
  | 'publish'
  | 'subscribe'
  | 'history'
  | 'presence'
  | 'channel-metadata'
  | 'annotation-publish'
  | 'annotation-subscribe'
  | 'message-update-own'
  | 'message-update-any'
  | 'message-delete-own'
  | 'message-delete-any';

export const EVERYTHING: Capability = new Map([['*', new Set(['*'])]]);

/** Reads `{"pattern":["operation"]}`. @throws AblyError where it is anything else */
export function parseCapability(text: string): Capability {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null)
      return new Map(
        Object.entries(value).map(([pattern, operations]) => [pattern, new Set(listOf(operations))]),
      );
  } catch {
    // Answered below, like all that is no capability.
  }
  throw refusal('badRequest', 'A capability is a JSON object of channel patterns and lists of operations.');
}

export function formatCapability(capability: Capability): string {
  return JSON.stringify(
    Object.fromEntries([...capability].map(([pattern, operations]) => [pattern, [...operations].sort()])),
  );
}

export function allows(capability: Capability, channel: string, operation: Operation): boolean {
  const bare = channel.replace(/^\[[^\]]*\]/, '');
  for (const [pattern, operations] of capability)
    if (matches(pattern, bare) && (operations.has('*') || operations.has(operation))) return true;
  return false;
}

/** @throws AblyError 40160 */
export function demand(capability: Capability, channel: string, ...anyOf: readonly Operation[]): void {
  if (anyOf.some((operation) => allows(capability, channel, operation))) return;
  throw refusal('notCapable', `The capability allows no ${anyOf.join(' or ')} on ${channel}.`);
}

/** What a token may do that asks for `wanted` under a key that has `given`: undefined for nothing. */
export function intersect(given: Capability, wanted: Capability): Capability | undefined {
  const common = new Map<string, ReadonlySet<string>>();
  for (const [pattern, operations] of wanted) {
    const allowed = [...given].filter(([other]) => matches(other, pattern)).flatMap(([, set]) => [...set]);
    const both = allowed.includes('*')
      ? operations
      : new Set([...operations].filter((each) => allowed.includes(each)));
    const all = operations.has('*') && !allowed.includes('*') ? new Set(allowed) : both;
    if (all.size > 0) common.set(pattern, all);
  }
  return common.size === 0 ? undefined : common;
}

/** Patterns are a name, a prefix and `*`, or `*`; a qualifier in brackets before them counts for nothing here. */
export function matches(pattern: string, channel: string): boolean {
  const bare = pattern.replace(/^\[[^\]]*\]/, '');
  return bare.endsWith('*') ? channel.startsWith(bare.slice(0, -1)) : channel === bare;
}

function listOf(operations: unknown): readonly string[] {
  if (Array.isArray(operations)) return operations.map(String);
  throw refusal('badRequest', 'A capability lists its operations.');
}
