import { findEssay, LIBRARY, type Essay } from './library.ts';

/** One thing that the offline model says or does in a step. */
export type Act =
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'text'; readonly text: string; readonly citations?: readonly TextCitation[] }
  | { readonly type: 'source'; readonly url: string; readonly title: string }
  /** It is there, and does not get on. */
  | { readonly type: 'silence' }
  | { readonly type: 'call'; readonly tool: string; readonly input: Readonly<Record<string, unknown>> };

/** Which words of a text rest on what. */
export interface TextCitation {
  readonly url: string;
  readonly title: string;
  readonly start: number;
  readonly end: number;
}

/** What the model was given, reduced to what it decides by. */
export interface Situation {
  readonly question: string;
  /** Results of the tools that were called since the question, by tool name. */
  readonly results: ReadonlyMap<string, unknown>;
}

/** Decides one step. Pure: the same situation gives the same acts, so that a test knows the whole answer beforehand. */
export function decide({ question, results }: Situation): readonly Act[] {
  const place = question.match(/\b(?:weather|rain|forecast)\b.*?\b(?:in|at|for)\s+([A-Z][\p{L}-]+)/u)?.[1];
  if (place !== undefined) return results.has('weather') ? report(place, results.get('weather')) : ask(place);
  const order = question.match(/\brefund\b.*?\border\s+(\w+)/iu)?.[1];
  if (order !== undefined)
    return results.has('refund') ? refunded(order, results.get('refund')) : refund(order);
  if (/\bsilent\b/i.test(question)) return [{ type: 'silence' }];
  if (/\b(?:long|everything|guide|all)\b/i.test(question)) return guide();
  const essay = findEssay(question);
  if (essay === undefined) return overview(question);
  return results.has('library') ? answer(essay) : lookUp(essay);
}

/** Everything the model says in text for a question that needs no tool result to be phrased. */
export function textOf(acts: readonly Act[]): string {
  return acts.flatMap((act) => (act.type === 'text' ? [act.text] : [])).join('');
}

function lookUp(essay: Essay): readonly Act[] {
  return [
    {
      type: 'reasoning',
      text: `The question is about ${essay.topic.toLowerCase()}. I remember some of it, but I would rather check the library before I say anything that somebody may rely on.`,
    },
    { type: 'call', tool: 'library', input: { topic: essay.topic } },
  ];
}

function answer(essay: Essay): readonly Act[] {
  return [
    { type: 'source', url: essay.url, title: essay.topic },
    { type: 'text', text: `${essay.text}\n` },
  ];
}

function ask(place: string): readonly Act[] {
  return [
    { type: 'reasoning', text: `I cannot see the sky over ${place}. There is a tool for that.` },
    { type: 'call', tool: 'weather', input: { place } },
  ];
}

function report(place: string, result: unknown): readonly Act[] {
  const { sky, celsius, wind } = result as { sky: string; celsius: number; wind: string };
  return [
    {
      type: 'text',
      text: `In **${place}** it is ${celsius} °C with ${sky}, and the wind is ${wind}. ${
        celsius < 12 ? 'Take a coat.' : 'You will not need a coat.'
      }\n`,
    },
  ];
}

function refund(order: string): readonly Act[] {
  return [
    { type: 'text', text: `I can pay the money for order ${order} back. Somebody has to approve of it.\n` },
    { type: 'call', tool: 'refund', input: { order, euros: 40 } },
  ];
}

function refunded(order: string, result: unknown): readonly Act[] {
  const { paid, euros } = result as { paid?: boolean; euros?: number };
  return [
    {
      type: 'text',
      text:
        paid === true
          ? `Done: ${euros} € for order ${order} are on their way.\n`
          : `Then nothing is paid back for order ${order}.\n`,
    },
  ];
}

const CLOSING = `## What they have in common

Put side by side, the six have more in common than a shelf. Each is a way of keeping something that would otherwise be lost: a position, an hour, a harvest, a thought. Each was improved by somebody who noticed what was being wasted, whether that was the light above the horizon, the thickness of a lens, the night in which dough could have been rising, or the shirts of a whole continent.

And each depends on a plain agreement. A light means nothing without the list that names it, a chart is useless without the rule that drew it, and noon in Greenwich helps only those who have decided that Greenwich is where noon is. The clever part is usually an invention. The useful part is usually the agreement, written down where the next person can find it.`;

function guide(): readonly Act[] {
  return [
    {
      type: 'reasoning',
      text: 'They want the whole of it. I will go through the shelf in order, one chapter for each subject, and say where each can be read further.',
    },
    ...LIBRARY.map(({ topic, url }): Act => ({ type: 'source', url, title: topic })),
    {
      type: 'text',
      text: `# A short guide to useful things\n\n${LIBRARY.map(({ topic, text }) => `## ${topic}\n\n${text}`).join('\n\n')}\n\n${CLOSING}\n`,
    },
  ];
}

function overview(question: string): readonly Act[] {
  const topics = LIBRARY.map(({ topic }) => topic.toLowerCase());
  return [
    {
      type: 'text',
      text: `I am a small offline model, so I can say little about “${question.trim().slice(0, 80)}”. Ask me about ${topics.slice(0, -1).join(', ')} or ${topics.at(-1)}; about the weather in a place; or for a long guide to everything.\n`,
    },
  ];
}
