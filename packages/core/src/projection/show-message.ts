import type { AnnotationSummary } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import type { Content } from '@holdfast/codec';
import { roleOf } from '../records/authority.ts';
import type { SessionMessage } from '../snapshot.ts';
import { isProvisional } from './provisional.ts';
import type { Place } from './tree.ts';

/** A message as applications see it. `answer` is what stands of an answer. */
export function showMessage(
  { id, serial, node, isAnswer, parent, siblings }: Place,
  answer: () => Content,
  annotations: AnnotationSummary | undefined,
): SessionMessage {
  const { entry } = node;
  const { path, run, deleted } = node.derived;
  const said = isAnswer ? undefined : entry.record.message;
  const { parts, metadata } = said ?? answer();
  const [first, last] = isAnswer ? [path[0], path.at(-1)] : [];
  const { clientId, claims } = (last ?? entry).message;
  const { timestamp, deleted: isGone } = (first ?? entry).message;
  return compact<SessionMessage>({
    id,
    role: said?.role ?? 'assistant',
    parts,
    metadata,
    parent,
    siblings,
    author: compact<SessionMessage['author']>({ clientId, claims, role: roleOf(claims) }),
    run: run?.id,
    ...(isProvisional(serial) ? { delivery: 'sending' } : { delivery: 'sent', serial }),
    timestamp,
    deleted: isAnswer ? deleted || undefined : isGone,
    annotations,
  });
}
