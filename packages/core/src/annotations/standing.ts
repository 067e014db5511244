import { annotationMethod, type Annotation } from '@holdfast/channel';

/**
 * Which of a message's annotations stand, given all of them in their order: without what was taken back and what newer ones
 * replaced. They are what the summary counts.
 */
export function standingAnnotations(annotations: readonly Annotation[]): readonly Annotation[] {
  return annotations.reduce<readonly Annotation[]>(fold, []);
}

function fold(standing: readonly Annotation[], next: Annotation): readonly Annotation[] {
  const method = annotationMethod(next.type);
  if (method === undefined) return standing;
  const isNamed = method !== 'unique' || next.action === 'remove';
  const isSame = (each: Annotation): boolean =>
    each.type === next.type && each.clientId === next.clientId && (!isNamed || each.name === next.name);
  const isUnattributed = method === 'total' || (method === 'multiple' && next.clientId === undefined);
  if (next.action === 'remove')
    return isUnattributed
      ? lessOne(standing, next, method === 'total')
      : standing.filter((each) => !isSame(each));
  if (method === 'total' || method === 'multiple') return [...standing, next];
  // To raise a flag again changes nothing, and the first word on it stays.
  if (next.clientId === undefined) return standing;
  if (method !== 'unique' && standing.some(isSame)) return standing;
  return [...standing.filter((each) => !isSame(each)), next];
}

/** Nobody knows whose is taken back: the newest counts for one less, one's own before others'. */
function lessOne(
  standing: readonly Annotation[],
  { type, name, clientId }: Annotation,
  isAnyones: boolean,
): readonly Annotation[] {
  const isLike = (each: Annotation): boolean => each.type === type && each.name === name;
  const own = standing.findLastIndex((each) => isLike(each) && each.clientId === clientId);
  const index = own === -1 && isAnyones ? standing.findLastIndex(isLike) : own;
  const found = standing[index];
  if (found === undefined) return standing;
  const { count = 1 } = found;
  const left = count > 1 ? [{ ...found, count: count - 1 }] : [];
  return [...standing.slice(0, index), ...left, ...standing.slice(index + 1)];
}
