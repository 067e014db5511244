import type { Annotation, AnnotationDraft } from '../annotation.ts';

/** Whether a draft repeats an annotation that is stored: the same words by the same publisher (P24). */
export function isSameAnnotation(
  stored: Annotation,
  draft: AnnotationDraft,
  clientId: string | undefined,
): boolean {
  return stored.clientId === clientId && content(stored) === content(draft);
}

function content({ action, type, name, ...rest }: Annotation | AnnotationDraft): string {
  const { count, data } = { count: undefined, data: undefined, ...rest };
  return JSON.stringify([action, type, name ?? null, count ?? null, data ?? null]);
}
