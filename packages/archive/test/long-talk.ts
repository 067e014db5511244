import type { Channels } from '@holdfast/channel';
import { control, FRAME_LOG_FORMAT } from '@holdfast/codec';
import type { MessageId, RunId, SessionRecord } from '@holdfast/core';
import { answerIdOf } from '../../core/src/records/answer-id.ts';
import { mintOutputId } from '../../core/src/records/output-id.ts';
import { writeRecord } from '../../core/src/records/write.ts';

/** The records of a conversation of so many turns, with branches, written without living through it. */
export async function writeLongTalk(
  name: string,
  { people, agents, turns }: { readonly people: Channels; readonly agents: Channels; readonly turns: number },
): Promise<void> {
  const put = async (channels: Channels, id: string, record: SessionRecord): Promise<void> => {
    await channels.channel(name).publish({ action: 'create', draft: writeRecord(id, record) });
  };
  const answer = async (run: RunId): Promise<MessageId> => {
    const text = [control(['open', 'text']), `An answer to ${run}.`, control(['close', 0])];
    const log = [...text, control(['end', 'complete'])].join('');
    const output = { run, attempt: 1, agent: 'bot', format: FRAME_LOG_FORMAT, log };
    await put(agents, mintOutputId(`nonce of ${run}`, run), { kind: 'output', ...output });
    return answerIdOf(run);
  };
  const turn = async (n: string, parent: MessageId | null, edits?: MessageId): Promise<MessageId> => {
    const message = {
      id: `question ${n}`,
      role: 'user',
      parts: [{ type: 'text', text: `What of ${n}?` }],
    } as const;
    const edit = edits === undefined ? {} : { edits };
    await put(people, `run ${n}`, { kind: 'input', message, parent, ...edit });
    return answer(`run ${n}` as string as RunId);
  };

  let parent: MessageId | null = null;
  for (let n = 0; n < turns; n += 1) {
    const above: MessageId | null = parent;
    const question = `question ${n}` as string as MessageId;
    parent = await turn(`${n}`, above);
    if (n % 40 === 0) {
      await put(people, `again ${n}`, { kind: 'regenerate', input: question });
      parent = await answer(`again ${n}` as string as RunId);
    }
    // An edit goes on as a branch of its own.
    if (n % 100 === 50) parent = await turn(`${n}, better`, above, question);
  }
}
