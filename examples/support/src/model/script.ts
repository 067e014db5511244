import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Act, Situation } from '@holdfast/example-chat/model/script';
import { HANDBOOK, ORDERS } from './handbook.ts';

/** Decides one step of the offline model. Pure: the same prompt gives the same acts. */
export function decide({ question, results }: Situation, prompt: LanguageModelV4Prompt): readonly Act[] {
  const order = /\brefund\b.*?\border\s+(\w+)/iu.exec(question)?.[1];
  if (order !== undefined) return refund(order, results.get('refund'));
  if (/\b(?:person|human|somebody|someone)\b/i.test(question))
    return getPerson('The customer would like to talk to a person.', results);
  if (/\b(?:agreed?|promised?|happens)\b/i.test(question)) return sumUp(prompt);
  const words = new Set(question.toLowerCase().match(/[a-z]+/g) ?? []);
  const found = HANDBOOK.find(({ keywords }) => keywords.some((keyword) => words.has(keyword)));
  if (found === undefined) return getPerson('A question that the handbook has no answer to.', results);
  return results.has('handbook') ? tell(found.topic) : [call('handbook', { topic: found.topic })];
}

function tell(topic: string): readonly Act[] {
  const pages = HANDBOOK.filter((page) => page.topic === topic);
  return [text(pages.map(({ passage }) => passage).join(' '))];
}

function refund(order: string, result: unknown): readonly Act[] {
  const { what, euros } = ORDERS[order] ?? {};
  if (what === undefined || euros === undefined)
    return [text(`I find no order ${order}. Is the number right?`)];
  if (result === undefined)
    return [
      text(`Order ${order} was ${what}, ${euros} €. I am asking for the money to be paid back.`),
      call('refund', { order, euros }),
    ];
  const isPaid = typeof result === 'object' && result !== null && 'paid' in result && result.paid === true;
  return [
    text(
      isPaid
        ? `Done: ${euros} € for order ${order} are on their way to your account.`
        : `This refund was not approved. A person can tell you more: just ask for one.`,
    ),
  ];
}

function getPerson(reason: string, results: Situation['results']): readonly Act[] {
  if (!results.has('get_person')) return [call('get_person', { reason })];
  return [text('I have asked for somebody of our team. You can go on writing here: they read it all.')];
}

/** Goes by what was said last before the question, whoever said it. */
function sumUp(prompt: LanguageModelV4Prompt): readonly Act[] {
  const said = prompt.flatMap(({ role, content }) =>
    role === 'assistant' ? content.flatMap((part) => (part.type === 'text' ? [part.text] : [])) : [],
  );
  const last = said.slice(-2).map((each) => `“${each.trim()}”`);
  return [text(`You were told ${last.join(' and ')}. That stands, and I see to it.`)];
}

function text(words: string): Act {
  return { type: 'text', text: `${words}\n` };
}

function call(tool: string, input: Readonly<Record<string, unknown>>): Act {
  return { type: 'call', tool, input };
}
