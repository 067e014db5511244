/** Text as the scripts keep it: JSON without its quotes, so that two pieces next to each other are one text. */
export function escapeText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
