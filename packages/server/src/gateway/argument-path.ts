/** Elements of frames that are arguments of the contract, by the names they have there. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  'publish[2]': 'operations',
  'signal[2]': 'draft',
  'subscribe[2]': 'options',
  'history[2]': 'query',
  'annotations[2]': 'serial',
  'annotations[3]': 'query',
  'enter[2]': 'data',
};

/** The path of a bad field in a frame as the caller of a channel knows it: `operations[0].draft.id`. */
export function argumentPath(path: string): string {
  return path.replace(/^\w+\[\d+\]/, (element) => ARGUMENTS[element] ?? element);
}
