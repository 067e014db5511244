import type { UIAgentOptions, UIAgentRun } from '@holdfast/ai-sdk/agent';
import { tool } from 'ai';
import { z } from 'zod';
import { HANDBOOK, HISTORY } from '../model/handbook.ts';

/** What the assistant pays back by itself, in euros. */
const LIMIT = 50;

/** Whose decision counts where it is more. Everybody sees this, and the buttons of others say so. */
export const approvals: NonNullable<UIAgentOptions['approvals']> = () => ({
  who: { roles: ['staff'], claims: { refunds: true } },
  withinMs: 24 * 60 * 60_000,
});

/**
 * The tools of one run. What a model puts into a call stands in the conversation, for the customer too: so what only staff
 * should know is no input of a tool, but is written by the tools themselves.
 */
export function toolsFor(run: UIAgentRun) {
  const tellStaff = (id: string, text: string) =>
    run.notes.write({ id: `${run.id}:${id}`, parts: [{ type: 'text', text }] });
  const history = HISTORY[run.run.author.clientId ?? ''] ?? 'Nothing is known of this customer.';
  return {
    handbook: tool({
      description: 'Passages of the handbook on a topic',
      inputSchema: z.object({ topic: z.string() }),
      execute: ({ topic }) =>
        HANDBOOK.filter((page) => page.topic === topic).map(({ url, title, passage }) => ({
          url,
          title,
          passage,
        })),
    }),
    refund: tool({
      description: `Pays money back for an order. Above ${LIMIT} euros somebody has to approve of it`,
      inputSchema: z.object({ order: z.string(), euros: z.number().positive() }),
      needsApproval: async ({ order, euros }) => {
        if (euros <= LIMIT) return false;
        await tellStaff(`refund ${order}`, `About the refund of ${euros} € for order ${order}. ${history}`);
        return true;
      },
      execute: ({ order, euros }) => ({ order, euros, paid: true }),
    }),
    get_person: tool({
      description: 'Asks for a person to take over the conversation',
      inputSchema: z.object({ reason: z.string() }),
      async execute({ reason }) {
        await tellStaff('person', `${reason} ${history}`);
        await run.floor('ask', { reason });
        return { asked: true };
      },
    }),
  };
}
