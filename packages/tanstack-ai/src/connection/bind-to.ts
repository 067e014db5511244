import { isObject } from '@holdfast/codec';
import {
  canonicalInterruptJson,
  digestInterruptJson,
  INTERRUPT_BINDING_METADATA_KEY as BINDING,
  INTERRUPT_BINDING_VERSION,
  type Interrupt,
} from '@tanstack/ai/client';
import { isInterruptCall } from '../codec/interrupt-call.ts';
import type { Waiting } from './waiting.ts';

/**
 * Interrupts for a chat that calls the interrupted run so: it answers only what it finds bound to that. What an agent asks for
 * without `chat()` comes without a binding, and gets one.
 */
export function bindTo(name: string, waiting: readonly Waiting[]): readonly Interrupt[] {
  const bindings = waiting
    .map(({ interrupt: { metadata } }): unknown => metadata?.[BINDING])
    .filter(isObject);
  // What a chat is asked at once is of one generation.
  const { generation = 0 } = bindings[0] ?? {};
  return waiting.map(({ call, interrupt }) => {
    const { id, metadata, responseSchema } = interrupt;
    const binding: unknown = metadata?.[BINDING];
    if (isObject(binding))
      return { ...interrupt, metadata: { ...metadata, [BINDING]: { ...binding, interruptedRunId: name } } };
    if (!isInterruptCall(call)) return interrupt;
    const made = {
      v: INTERRUPT_BINDING_VERSION,
      kind: 'generic',
      interruptId: id,
      interruptedRunId: name,
      generation,
      ...(responseSchema !== undefined && {
        responseSchemaHash: digestInterruptJson(canonicalInterruptJson(responseSchema)),
      }),
    };
    return { ...interrupt, metadata: { ...metadata, [BINDING]: made } };
  });
}
