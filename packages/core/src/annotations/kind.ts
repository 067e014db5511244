import type { AnnotationDraft, AnnotationSummaryValue, AnnotationType, JsonValue } from '@holdfast/channel';
import type { SessionMessage } from '../snapshot.ts';

/** Where an annotation's summary is found: any message of a session. */
export type Annotated = Pick<SessionMessage, 'annotations'>;

/** What one annotation adds, before it has an id. */
export interface Addition {
  readonly type: AnnotationType;
  readonly name?: string;
  readonly count?: number;
  readonly data?: JsonValue;
}

/** @internal */
export function add(id: string, addition: Addition): AnnotationDraft {
  return { action: 'add', id, ...addition };
}

/** @internal What the message's summary says of one type of annotation, in the shape that its method has. */
export function summaryOf<Value extends AnnotationSummaryValue>(
  { annotations }: Annotated,
  type: AnnotationType,
): Value | undefined {
  return annotations?.types[type] as Value | undefined;
}
