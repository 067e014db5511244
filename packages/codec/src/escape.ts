import { control, RS } from './control.ts';

/** What text can't carry as it is: RS, and surrogates without their pair, which UTF-8 has no bytes for. */
const UNSAFE = new RegExp(`[${RS}\\p{Surrogate}]+`, 'gu');

/** Text as it stands in a log: what is unsafe travels as JSON strings. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (unsafe) => control(unsafe));
}

export function endsInHighSurrogate(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
