import type { ContentMessage } from '@holdfast/codec';
import type { AgentRun } from '@holdfast/core';
import * as ai from 'ai';
import type { Experimental_Steering, ModelMessage, UIMessageChunk } from 'ai';
import { toUIMessage } from '../codec/to-ui-message.ts';

/**
 * Steering of the AI SDK that says what people say to a run. The SDK's own chunk tells that a message was delivered: it
 * bears the record's id.
 */
export function createRunSteering({
  onSteer,
}: Pick<AgentRun<UIMessageChunk, ModelMessage[]>, 'onSteer'>): Experimental_Steering {
  if (!('experimental_createSteering' in ai)) throw new TypeError('Steering needs the AI SDK 7.');
  const steering = ai.experimental_createSteering();
  onSteer(({ id, message }) => {
    void toUserMessage(message).then((user) => user && steering.steer(user, { id }));
  });
  return steering;
}

async function toUserMessage(message: ContentMessage) {
  const [said] = await ai.convertToModelMessages([toUIMessage({ ...message, role: 'user' })]);
  return said?.role === 'user' ? said : undefined;
}
