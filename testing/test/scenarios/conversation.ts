import type { MessageId, RunId, Session } from '@holdfast/core';
import { vi } from 'vitest';
import { ended, until } from '../../../packages/core/test/scene.ts';
import { said, textOf, type TextChunk } from '../../../packages/core/test/text-codec.ts';
import type { TextRun } from './stage.ts';

export { createTap, ended, until } from '../../../packages/core/test/scene.ts';
export { said, textOf } from '../../../packages/core/test/text-codec.ts';

/** Resolves when `check` no longer throws; how long that takes is the machine's affair. */
export async function soon(check: () => unknown): Promise<void> {
  await vi.waitFor(check, { timeout: 20_000, interval: 10 });
}

/** One turn: what was asked, and what came of it. */
export interface Turn {
  readonly run: RunId;
  readonly question: MessageId;
  readonly answer: MessageId;
}

/** Asks, and waits for the whole answer. */
export async function ask(
  session: Session,
  text: string,
  options?: Parameters<Session['send']>[1],
): Promise<Turn> {
  const { run, message } = session.send({ parts: said(text) }, options);
  return { run, question: message, answer: await answered(session, run) };
}

/** The message that answers a run, once that is over. */
export async function answered(session: Session, run: RunId): Promise<MessageId> {
  await ended(session, run);
  const output = session.run(run)?.output;
  if (output === undefined) throw new Error(`Run ${run} has no answer: ${session.run(run)?.status}`);
  await until(session, () => session.message(output) !== undefined);
  return output;
}

/** The branch as it is read. */
export function lines({ snapshot }: Pick<Session, 'snapshot'>): readonly string[] {
  return snapshot.messages.map(({ role, parts }) => `${role}: ${textOf(parts)}`);
}

/** An answer in one piece. */
export async function* say(text: string): AsyncGenerator<TextChunk, void> {
  yield { type: 'text', text };
}

/** An agent that says what it was asked, so that a prompt can be seen in the session; of answers it says that they were. */
export async function repeatPrompt(run: TextRun): Promise<void> {
  const prompt = await run.prompt();
  await run.pipe(say(prompt.map((line) => (line.startsWith('user: ') ? line : 'answer')).join(' | ')));
}
