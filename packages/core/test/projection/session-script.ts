import type { Claims, JsonValue, Message, Serial, Version } from '@holdfast/channel';
import { control } from '@holdfast/codec';
import type { DeviceId, MessageId, RecordId, RunId } from '../../src/ids.ts';
import { answerIdOf } from '../../src/records/answer-id.ts';
import { mintOutputId } from '../../src/records/output-id.ts';
import { writeRecord } from '../../src/records/write.ts';
import type { InputRecord, OutputRecord, SessionRecord } from '../../src/records.ts';

/** Who says something: what the channel stamps. */
export interface Speaker {
  readonly clientId?: string;
  readonly claims?: Claims;
}

export const ANN: Speaker = { clientId: 'ann' };
export const BEN: Speaker = { clientId: 'ben' };
export const STAFF: Speaker = { clientId: 'sam', claims: { role: 'staff' } };
export const W: Speaker = { clientId: 'w', claims: { role: 'agent' } };
export const T: Speaker = { clientId: 't', claims: { role: 'agent' } };

export const run = (id: string): RunId => id as string as RunId;
export const messageId = (id: string): MessageId => id as string as MessageId;
export const recordId = (id: string): RecordId => id as string as RecordId;
export const answerTo = (id: string): MessageId => answerIdOf(run(id));
export const deviceId = (id: string): DeviceId => id as string as DeviceId;
export const serial = (value: string): Serial => value as Serial;

/** A channel that a test writes by hand: everyone's records in one order, each message as it stands. */
export interface Script {
  /** As they stand, by serial. */
  readonly messages: readonly Message[];
  /** A message as it is: of another version, or stored below others. */
  put(message: Message): Message;
  say(speaker: Speaker, id: string, record: SessionRecord): Message;
  /** An input with one text part; its message's id is `m-` and the record's. */
  ask(speaker: Speaker, id: string, fields?: Partial<Omit<InputRecord, 'kind'>>): Message;
  /** An output, not yet appended to. */
  claim(speaker: Speaker, runId: string, fields?: Partial<Omit<OutputRecord, 'kind' | 'run'>>): Message;
  append(message: Message, data: string): Message;
  rewrite(message: Message, data: JsonValue): Message;
  remove(message: Message): Message;
}

/** `listener` is told of every message as it stands after each change. */
export function createScript(listener: (message: Message) => void = () => {}): Script {
  const messages = new Map<Serial, Message>();
  let clock = 0;
  const tick = (): string => String((clock += 1)).padStart(6, '0');

  const put: Script['put'] = (message) => {
    messages.set(message.serial, message);
    listener(message);
    return message;
  };
  const say: Script['say'] = (speaker, id, record) => {
    const at = tick();
    const { name, data, headers = {} } = writeRecord(id, record);
    const stamp = { serial: serial(at), version: at as Version, timestamp: clock * 1000 };
    return put({ ...stamp, id, name, data, headers, ...speaker });
  };
  const change = (message: Message, what: Partial<Message>): Message => {
    const known = messages.get(message.serial);
    if (known === undefined) throw new TypeError('no such message');
    return put({ ...known, ...what, version: tick() as Version });
  };

  return {
    get messages() {
      return [...messages.values()].sort((a, b) => (a.serial < b.serial ? -1 : 1));
    },
    put,
    say,
    ask: (speaker, id, fields = {}) =>
      say(speaker, id, {
        kind: 'input',
        message: { id: `m-${id}`, role: 'user', parts: [{ type: 'text', text: id, state: 'done' }] },
        parent: null,
        ...fields,
      }),
    claim: (speaker, runId, fields = {}) =>
      say(speaker, mintOutputId(`c${clock + 1}`, run(runId), fields.after), {
        kind: 'output',
        run: run(runId),
        attempt: 1,
        agent: 'agent',
        format: '1',
        log: '',
        ...fields,
      }),
    append(message, data) {
      const known = messages.get(message.serial)?.data;
      if (typeof known !== 'string') throw new TypeError('nothing to append to');
      return change(message, { data: known + data });
    },
    rewrite: (message, data) => change(message, { data }),
    remove: (message) => change(message, { data: '', headers: {}, deleted: true }),
  };
}

export const end = (status: string, reason?: string): string =>
  control(reason === undefined ? ['end', status] : ['end', status, { reason }]);
export const continues = (after: Serial, length: number): string => control(['continue', after, { length }]);
export const progress = control(['open', 'text', {}]);
export const text = (words: string): string => control(['open', 'text', {}]) + words;
