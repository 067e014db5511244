import type { Act, Situation, TextCitation } from '@holdfast/example-chat/model/script';
import { LIBRARY, type Brief, type Finding, type Subject } from './library.ts';

/** What the lead says: first a plan and whom it asks, then what came of it. */
export function lead({ question, results }: Situation): readonly Act[] {
  const subject = findSubject(question);
  if (subject === undefined) return [{ type: 'text', text: nothingOn(question) }];
  if (results.size > 0) return subject.summary.map(toText);
  return [
    { type: 'text', text: `${subject.plan}\n\n` },
    ...subject.briefs.map(({ agent, task, label }): Act => ({
      type: 'call',
      tool: agent,
      input: { task, label },
    })),
  ];
}

/** What a reader or the historian says about one task. */
export function specialist({ question }: Situation): readonly Act[] {
  const brief = LIBRARY.flatMap(({ briefs }) => briefs).find(({ task }) => task === question.trim());
  if (brief === undefined) return [{ type: 'text', text: nothingOn(question) }];
  return [{ type: 'reasoning', text: brief.thought }, ...brief.findings.map(toText)];
}

export function findSubject(question: string): Subject | undefined {
  const words = new Set(question.toLowerCase().match(/[a-z]+/g) ?? []);
  return LIBRARY.find(({ keywords }) => keywords.some((keyword) => words.has(keyword)));
}

/** All that is said in text, in a task's answer or at the end of the lead's. */
export function textOf(findings: Brief['findings']): string {
  return findings.map(({ text }) => `${text}\n\n`).join('');
}

function toText({ text, sources }: Finding): Act {
  const citations = sources.map((source): TextCitation => ({ ...source, start: 0, end: text.length }));
  return { type: 'text', text: `${text}\n\n`, citations };
}

function nothingOn(question: string): string {
  const topics = LIBRARY.map(({ topic }) => topic.toLowerCase()).join(', ');
  return `I am a small offline model, and have nothing on “${question.trim().slice(0, 80)}”. Ask me about ${topics}.\n`;
}
