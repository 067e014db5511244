/** The lines of a text that comes in pieces of any size; empty ones are left out. */
export async function* splitLines(
  pieces: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  if (rest.trim() !== '') yield rest;
}
