import type { Message } from '@holdfast/channel';
import { createProjection } from '../../src/projection/projection.ts';
import type { Change, Projection } from '../../src/projection/types.ts';
import type { Run } from '../../src/snapshot.ts';
import type { AnswerRecord, CancelRecord, FloorRecord, SteerRecord } from '../../src/records.ts';
import { expectSame, project } from './dump.ts';
import { createScript, run } from './session-script.ts';
import type { Script, Speaker } from './session-script.ts';

/** A conversation as it is held, with somebody who reads along. */
export interface Talk extends Script {
  /** What the reader sees, after a check that who comes only now sees the same. */
  readonly now: Projection;
  /** What the last message changed for the reader. */
  readonly change: Change;
  run(id: string): Run | undefined;
  /** What stands of a run's log. */
  text(id: string): string;
  cancel(speaker: Speaker, runId: string, fields?: Partial<CancelRecord>): Message;
  steer(speaker: Speaker, id: string, runId: string, fields?: Partial<SteerRecord>): Message;
  regenerate(speaker: Speaker, id: string, message: string): Message;
  floor(speaker: Speaker, act: FloorRecord['act'], fields?: Partial<FloorRecord>): Message;
  approve(speaker: Speaker, id: string, runId: string, fields?: Partial<AnswerRecord>): Message;
}

export function openTalk(): Talk {
  const projection = createProjection();
  let change: Change | undefined;
  let count = 0;
  const script = createScript((message) => {
    change = projection.apply(message);
  });
  const now = (): Projection => {
    expectSame(projection, project(script.messages.toReversed()));
    return projection;
  };
  const fresh = (kind: string): string => `${kind}-${(count += 1)}`;
  return {
    ...script,
    get messages() {
      return script.messages;
    },
    get now() {
      return now();
    },
    get change() {
      if (change === undefined) throw new TypeError('nothing was said yet');
      return change;
    },
    run: (id) => now().run(run(id)),
    text: (id) => now().standing(run(id)).text,
    cancel: (speaker, id, fields) =>
      script.say(speaker, fresh('cancel'), { kind: 'cancel', run: run(id), ...fields }),
    steer: (speaker, id, host, fields) =>
      script.say(speaker, id, {
        kind: 'steer',
        run: run(host),
        message: { id: `m-${id}`, role: 'user', parts: [{ type: 'text', text: id, state: 'done' }] },
        ...fields,
      }),
    regenerate: (speaker, id, message) =>
      script.say(speaker, id, { kind: 'regenerate', input: message as Run['input'] }),
    floor: (speaker, act, fields) => script.say(speaker, fresh('floor'), { kind: 'floor', act, ...fields }),
    approve: (speaker, id, host, fields) =>
      script.say(speaker, id, {
        kind: 'answer',
        run: run(host),
        callId: 'call',
        answer: { type: 'approval', approvalId: 'ask', ok: true },
        ...fields,
      }),
  };
}
