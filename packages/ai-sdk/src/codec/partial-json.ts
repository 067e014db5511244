import type { JsonValue } from '@holdfast/codec';

/** A string as far as it is there, a mark, or a number or literal as far as it is there. */
const TOKEN = /"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}[\],:]|[^\s{}[\],:"]+/gsu;
/** As much of an unfinished string as makes one. */
const STRING = /^"(?:[^"\\]|\\u[\da-f]{4}|\\[^u])*/isu;
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/iu;
const LITERALS = ['true', 'false', 'null'] as const;

/**
 * The value that a beginning of a JSON text stands for so far, as the AI SDK reads it: open strings, arrays and objects
 * end where the text ends, a key without its value is left out. Undefined where there is no value yet, or no JSON.
 */
export function parsePartialJson(text: string): JsonValue | undefined {
  return parse(text) ?? parse(complete(text));
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** The longest beginning that has values only, closed. */
function complete(text: string): string {
  const closers: string[] = [];
  let kept = '';
  /** Whether the next string is a key. */
  let isKey = false;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const before = text.slice(0, index);
    if (token === '{' || token === '[') closers.unshift(token === '{' ? '}' : ']');
    else if (token === '}' || token === ']') closers.shift();
    const isIn = closers[0] === '}';
    if (token === ':') isKey = false;
    else if (token === ',' || token === '{') isKey = isIn;
    if (token === ',' || token === ':') continue;
    if (token.startsWith('"') && isKey) continue;
    const value = '{[]}'.includes(token) ? token : completeValue(token);
    if (value !== undefined) kept = before + value + closers.join('');
    if (closers.length === 0 && kept !== '') return kept;
  }
  return kept;
}

function completeValue(token: string): string | undefined {
  if (token.startsWith('"')) return `${STRING.exec(token)?.[0] ?? '"'}"`;
  return LITERALS.find((literal) => literal.startsWith(token)) ?? NUMBER.exec(token)?.[0];
}
