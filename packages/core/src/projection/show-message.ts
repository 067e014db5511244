import type { AnnotationSummary } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import type { Content } from '@holdfast/codec';
import { roleOf } from '../records/authority.ts';
import type { SessionMessage } from '../snapshot.ts';
import { FAILED, isProvisional } from './provisional.ts';
import type { Place } from './tree.ts';

/** A message as applications see it. `answer` is what stands of an answer. */
export function showMessage(
  { id, node, said, first, last, parent, siblings }: Place,
  answer: () => Content,
  annotations: AnnotationSummary | undefined,
): SessionMessage {
  const { run, deleted, isReply } = node.derived;
  const { parts, metadata, finish }: Content = said ?? answer();
  const { clientId, claims } = last.message;
  return compact<SessionMessage>({
    id,
    role: said && !(isReply && said.role === 'user') ? said.role : 'assistant',
    parts,
    metadata,
    finish,
    parent,
    siblings,
    author: compact<SessionMessage['author']>({ clientId, claims, role: roleOf(claims) }),
    run: run?.id,
    ...(isProvisional(first.serial)
      ? { delivery: first.serial.startsWith(FAILED) ? 'failed' : 'sending' }
      : { delivery: 'sent', serial: first.serial }),
    timestamp: first.message.timestamp,
    deleted: said ? first.message.deleted : deleted || undefined,
    annotations,
  });
}
