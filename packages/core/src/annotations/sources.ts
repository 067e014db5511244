import type { ContentMessage, Part, SourcePart, TextPart } from '@holdfast/codec';
import { compact, isObject } from '@holdfast/codec';
import type { JsonValue } from '@holdfast/channel';
import type { Citation } from './citation.ts';

/**
 * What a message's own parts cite: the sources that a model's stream named, and the citations that its provider put beside
 * the text (`citations` of a text part, in the AI SDK's form). A source that the text cites is not named again.
 */
export function citationsIn({ parts }: Pick<ContentMessage, 'parts'>): readonly Citation[] {
  let offset = 0;
  const inText: Citation[] = [];
  for (const part of parts) {
    if (part.type !== 'text') continue;
    inText.push(...citedBy(part, offset));
    offset += part.text.length;
  }
  const known = new Set(inText.map(({ url }) => url));
  const named = parts.flatMap((part) =>
    part.type === 'source' && !known.has(part.url)
      ? [compact<Citation>({ url: part.url, title: part.title })]
      : [],
  );
  return [...inText, ...named].filter(({ url }) => URL.canParse(url));
}

/** Citations as source parts, each source once: for frameworks that show sources as parts of a message. */
export function sourceParts(citations: readonly Citation[]): readonly SourcePart[] {
  const sources = new Map<string, SourcePart>();
  for (const { url, title } of citations) {
    const known = sources.get(url);
    if (known?.title === undefined)
      sources.set(url, compact<SourcePart>({ type: 'source', id: known?.id ?? url, url, title }));
  }
  return [...sources.values()];
}

/** The parts of a message with a source part for each citation whose source they don't have. */
export function withSources(parts: readonly Part[], citations: readonly Citation[]): readonly Part[] {
  const known = new Set(parts.flatMap((part) => (part.type === 'source' ? [part.url] : [])));
  return [...parts, ...sourceParts(citations.filter(({ url }) => !known.has(url)))];
}

function citedBy({ citations, text }: TextPart, offset: number): readonly Citation[] {
  if (!Array.isArray(citations)) return [];
  return (citations as readonly JsonValue[]).flatMap((each) => {
    const { source, startIndex, endIndex, citedText } = fieldsOf(each);
    const { url, title } = fieldsOf(source);
    if (typeof url !== 'string') return [];
    const isPlaced = typeof startIndex === 'number' && typeof endIndex === 'number' && startIndex < endIndex;
    // Where the provider states no place, the whole part is what it cites for.
    const [start, end] = isPlaced ? [startIndex, endIndex] : [0, text.length];
    return [
      compact<Citation>({
        url,
        title: typeof title === 'string' ? title : undefined,
        range: end > start ? { start: offset + start, end: offset + end } : undefined,
        quote: typeof citedText === 'string' ? citedText : undefined,
      }),
    ];
  });
}

function fieldsOf(value: JsonValue | undefined): { readonly [field: string]: JsonValue } {
  return isObject(value) ? value : {};
}
