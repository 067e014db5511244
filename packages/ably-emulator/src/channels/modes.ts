import { allows, type Capability, type Operation } from '../auth/capability.ts';

/** What an attachment may be for: its bit in the flags, and the operation that the capability must allow. */
const MODES = {
  presence: [1 << 16, 'presence'],
  publish: [1 << 17, 'publish'],
  subscribe: [1 << 18, 'subscribe'],
  presence_subscribe: [1 << 19, 'subscribe'],
  annotation_publish: [1 << 21, 'annotation-publish'],
  annotation_subscribe: [1 << 22, 'annotation-subscribe'],
} as const satisfies Record<string, readonly [bit: number, operation: Operation]>;

export type Mode = keyof typeof MODES;

const ALL: readonly Mode[] = Object.keys(MODES).filter(isMode);
const DEFAULT: readonly Mode[] = ALL.filter((mode) => mode !== 'annotation_subscribe');

/** What a client asks for: the `modes` parameter, else the flags, else all but single annotations. */
export function readModes(flags: number, parameter: string | undefined): readonly Mode[] {
  if (parameter !== undefined) return parameter.toLowerCase().split(',').filter(isMode);
  const asked = ALL.filter((mode) => (flags & MODES[mode][0]) !== 0);
  return asked.length > 0 ? asked : DEFAULT;
}

export function grantModes(
  capability: Capability,
  channel: string,
  wanted: readonly Mode[],
): ReadonlySet<Mode> {
  return new Set(wanted.filter((mode) => allows(capability, channel, MODES[mode][1])));
}

export function toFlags(modes: ReadonlySet<Mode>): number {
  return [...modes].reduce((flags, mode) => flags | MODES[mode][0], 0);
}

function isMode(text: string): text is Mode {
  return Object.hasOwn(MODES, text);
}
