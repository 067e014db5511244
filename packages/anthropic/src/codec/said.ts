import type { ContentBlockParam, MessageParam } from '@anthropic-ai/sdk/resources/messages/messages';

/** What one side says, until the other one does. */
export interface Said {
  readonly role: MessageParam['role'];
  readonly content: readonly ContentBlockParam[];
}
