import { LIBRARY } from '@holdfast/example-chat/model/library';
import { toolDefinition } from '@tanstack/ai';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

const SKIES = ['a clear sky', 'thin high cloud', 'broken cloud', 'light rain'] as const;

/** The tools that the agent may call. They work offline, and the weather they tell is made up from the name. */
export const tools = [
  toolDefinition({
    name: 'library',
    description: 'Finds what the library holds on a topic, with the page it comes from',
    inputSchema: z.object({ topic: z.string().describe('One or two words') }),
  }).server(async ({ topic }) => {
    await wait(500);
    const essay = LIBRARY.find((entry) => entry.topic.toLowerCase() === topic.toLowerCase());
    return essay === undefined ? { found: false } : { found: true, title: essay.topic, url: essay.url };
  }),
  toolDefinition({
    name: 'weather',
    description: 'Tells the weather in a place',
    inputSchema: z.object({ place: z.string().describe('A town or a city') }),
  }).server(async ({ place }) => {
    await wait(700);
    const seed = [...place].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0);
    return { celsius: 4 + (seed % 22), sky: SKIES[seed % SKIES.length] ?? SKIES[0], wind: 'calm' };
  }),
];
