import type { UIAgentOptions } from '@holdfast/ai-sdk/agent';
import { tool } from 'ai';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { LIBRARY } from '../model/library.ts';

const SKIES = ['a clear sky', 'thin high cloud', 'broken cloud', 'low cloud', 'light rain'] as const;
const WINDS = ['calm', 'light from the west', 'fresh from the south-west', 'strong from the north'] as const;

const refundInput = z.object({ order: z.string(), euros: z.number().positive().max(100) });

/** What an approval takes, by tool: here a person may pay back less, or up to 100 euros. */
export const approvals: NonNullable<UIAgentOptions['approvals']> = () => ({
  withinMs: Number(process.env['APPROVAL_MS'] ?? 300_000),
  edit: (input) => refundInput.parse(input),
});

/** How long a look into the library takes, in milliseconds. */
const LOOK_UP_MS = Number(process.env['LOOK_UP_MS'] ?? 500);

/** The tools that the example's agent may call. They work offline, and the weather they tell is made up from the name. */
export const tools = {
  library: tool({
    description: 'Finds what the library holds on a topic, with the page it comes from',
    inputSchema: z.object({ topic: z.string().describe('One or two words') }),
    async execute({ topic }, { abortSignal }) {
      await wait(LOOK_UP_MS, undefined, { signal: abortSignal });
      const essay = LIBRARY.find((entry) => entry.topic.toLowerCase() === topic.toLowerCase());
      return essay === undefined
        ? { found: false as const }
        : { found: true as const, title: essay.topic, url: essay.url, words: essay.text.split(/\s+/).length };
    },
  }),
  refund: tool({
    description: 'Pays money back for an order. Somebody has to approve of it first',
    inputSchema: refundInput,
    needsApproval: true,
    async execute({ order, euros }, { abortSignal }) {
      await wait(400, undefined, { signal: abortSignal });
      return { order, euros, paid: true };
    },
  }),
  weather: tool({
    description: 'Tells the weather in a place',
    inputSchema: z.object({ place: z.string().describe('A town or a city') }),
    async execute({ place }, { abortSignal }) {
      await wait(700, undefined, { signal: abortSignal });
      const seed = [...place].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0);
      return {
        celsius: 4 + (seed % 22),
        sky: SKIES[seed % SKIES.length] ?? SKIES[0],
        wind: WINDS[seed % WINDS.length] ?? WINDS[0],
      };
    },
  }),
};
