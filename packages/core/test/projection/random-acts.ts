import type { JsonValue, Message, Serial, Version } from '@holdfast/channel';
import { control } from '@holdfast/codec';
import { mintOutputId } from '../../src/records/output-id.ts';
import type { Picker } from './picker.ts';
import type { Channel } from './random-channel.ts';
import { ANN, BEN, run, STAFF, T, W } from './session-script.ts';
import type { Speaker } from './session-script.ts';

const PEOPLE: readonly Speaker[] = [ANN, ANN, BEN, STAFF, {}];
const AGENTS: readonly Speaker[] = [W, T];
const RUNS = ['a', 'b', 'c'];
const MESSAGES = ['ma', 'mb', 'mc'];

const isOutput = ({ name, deleted }: Message): boolean => name === 'output' && deleted !== true;

function originsOf({ messages }: Channel): readonly string[] {
  const found = messages.filter(({ name }) => ['input', 'regenerate', 'steer'].includes(name));
  return found.length > 0 ? found.map(({ id }) => id) : RUNS;
}

/** An id that is new, or, in some wild steps, one that is not. */
function idFor(channel: Channel, pick: Picker, wanted: string): string {
  return channel.has(wanted) && !(pick.wild && pick.number(7) < 3) ? `x${channel.at}` : wanted;
}

function question(id: string, pick: Picker): JsonValue {
  const role = pick.wild && pick.number(6) === 11 ? 'assistant' : 'user';
  return { id: pick.of(3, [`m${id}`], MESSAGES) ?? 'ma', role, parts: [] };
}

/** What a step may do. */
export const ACTS = {
  input(channel, pick) {
    const id = idFor(channel, pick, pick.of(2, RUNS) ?? 'a');
    const answers = originsOf(channel).map((run) => `${run}.answer`);
    const fields = {
      message: question(id, pick),
      parent: pick.of(4, [null, ...answers], [null, ...MESSAGES, ...answers]) ?? null,
      ...(pick.number(5) === 1 && { replaces: pick.of(6, originsOf(channel), RUNS) ?? 'a' }),
      ...(pick.number(5) === 2 && { edits: pick.of(6, MESSAGES) ?? 'ma' }),
      ...(pick.number(5) === 3 && { parentRun: pick.of(6, originsOf(channel), RUNS) ?? 'a' }),
    };
    const speakers = pick.number(5) === 3 ? AGENTS : PEOPLE;
    channel.create(pick.of(0, speakers, [...PEOPLE, ...AGENTS]) ?? ANN, 'input', id, fields);
  },
  regenerate(channel, pick) {
    const asked = channel.messages.filter(({ name }) => name === 'input').map(({ id }) => `m${id}`);
    const id = idFor(channel, pick, pick.of(2, [`g${channel.at}`], RUNS) ?? 'a');
    const input = pick.of(3, asked.length > 0 ? asked : MESSAGES, MESSAGES) ?? 'ma';
    channel.create(pick.of(0, PEOPLE, [...PEOPLE, W]) ?? ANN, 'regenerate', id, { input });
  },
  steer(channel, pick) {
    const id = idFor(channel, pick, pick.of(2, [`t${channel.at}`], RUNS) ?? 'a');
    const host = pick.of(4, originsOf(channel), RUNS) ?? 'a';
    channel.create(pick.of(0, PEOPLE) ?? ANN, 'steer', id, { run: host, message: question(id, pick) });
  },
  claim(channel, pick) {
    const id = run(pick.of(2, originsOf(channel), RUNS) ?? 'a');
    const own = channel.messages.filter(({ name, headers }) => name === 'output' && headers['run'] === id);
    const outputs = channel.messages.filter(({ name }) => name === 'output');
    const after = pick.of(3, own.slice(-1), pick.number(4) < 6 ? [] : outputs)?.serial;
    const headers = {
      run: id,
      attempt: '1',
      agent: 'agent',
      format: '1',
      ...(after !== undefined && { after }),
      ...(pick.number(6) === 1 && { horizon: pick.of(3, channel.messages)?.serial ?? '0000' }),
      ...(pick.number(6) === 2 && { floor: 'person:sam' }),
    };
    const speaker = pick.of(0, AGENTS, [...AGENTS, ...AGENTS, ANN]) ?? W;
    // Mostly it states at once what stands of its predecessor.
    const base = own.at(-1)?.data;
    const length = typeof base === 'string' ? base.length : 0;
    const states = after === undefined || pick.number(7) < 4 ? '' : statement(after, pick.number(5), length);
    channel.create(speaker, 'output', mintOutputId(`n${channel.at}`, id, after), states, headers);
  },
  append(channel, pick) {
    const live = channel.messages.filter(isOutput);
    const message = pick.of(2, live.slice(-2), live);
    if (message === undefined || typeof message.data !== 'string') return;
    const data = anyText(channel, message, pick);
    const added = { offset: message.data.length, data };
    channel.change(message, { data: message.data + data }, { added });
  },
  rewrite(channel, pick) {
    const message = pick.of(2, channel.messages.filter(isOutput));
    if (message === undefined || typeof message.data !== 'string') return;
    channel.change(message, {
      data: message.data.slice(0, pick.number(3)) + anyText(channel, message, pick),
    });
  },
  remove(channel, pick) {
    const message = pick.of(2, channel.messages.filter(isOutput), channel.messages);
    if (message === undefined || message.deleted === true) return;
    channel.change(message, { deleted: true, data: '', headers: {} });
  },
  cancel(channel, pick) {
    const target = pick.of(2, originsOf(channel), RUNS) ?? 'a';
    const fields = { run: target, ...(pick.number(3) === 1 && { only: true }) };
    channel.create(pick.of(0, PEOPLE, [...PEOPLE, W]) ?? ANN, 'cancel', `k${channel.at}`, fields);
  },
  answer(channel, pick) {
    const approval = pick.number(5) < 6;
    const id = `z${pick.number(2) % 4}-${approval ? 0 : 1}`;
    channel.create(
      pick.of(0, PEOPLE) ?? ANN,
      'answer',
      channel.has(id) && !pick.wild ? `z${channel.at}` : id,
      {
        run: pick.of(4, originsOf(channel), RUNS) ?? 'a',
        callId: 'call',
        answer: approval ? { type: 'approval', approvalId: 'ask', ok: true } : { type: 'output', output: 1 },
        ...(pick.number(6) < 9 && { device: 'tab' }),
      },
    );
  },
  state(channel, pick) {
    const isCheckpoint = pick.number(4) < 3;
    channel.create((isCheckpoint ? W : pick.of(0, PEOPLE)) ?? ANN, 'state', `s${channel.at}`, {
      key: pick.of(2, ['x', 'y', '']) ?? 'x',
      ...(pick.number(3) < 8 && { value: pick.number(3) }),
      ...(isCheckpoint && { all: { y: channel.at } }),
      ...(pick.number(2) === 1 && { upTo: pick.of(2, channel.messages)?.serial ?? '0000' }),
    });
  },
  floor(channel, pick) {
    const act = pick.of(2, ['take', 'release', 'hand', 'ask']) ?? 'ask';
    const fields = {
      act,
      ...(pick.number(3) < 3 && { to: 'ann' }),
      ...(pick.number(4) < 3 && { as: 'agent' }),
      ...(pick.number(4) < 2 && { from: 'sam' }),
    };
    channel.create(
      pick.of(0, [STAFF], [STAFF, ...PEOPLE, ...AGENTS]) ?? ANN,
      'floor',
      `f${channel.at}`,
      fields,
    );
  },
  annotate(channel, pick) {
    const message = pick.of(2, channel.messages);
    if (message === undefined) return;
    const annotated = {
      version: channel.at as Version,
      types: { 'like:total.v1': { total: pick.number(3) } },
    };
    // An annotation leaves the message's own version as it is.
    channel.change(message, { version: message.version, annotations: annotated }, { annotated });
  },
  odd(channel, pick) {
    const name = pick.of(2, ['other', 'input', 'cancel']) ?? 'other';
    channel.create(pick.of(0, PEOPLE) ?? ANN, name, idFor(channel, pick, pick.of(3, RUNS) ?? 'a'), {
      odd: true,
    });
  },
} satisfies Readonly<Record<string, (channel: Channel, pick: Picker) => void>>;

function statement(after: Serial, part: number, length: number): string {
  return control([
    'continue',
    after,
    { length: part < 2 ? part * 3 * length : Math.max(0, length - part + 2) },
  ]);
}

/** A piece of a frame log, whole or cut. */
function anyText(channel: Channel, message: Message, pick: Picker): string {
  const outputs = channel.messages.filter(({ name }) => name === 'output');
  const other =
    pick.of(
      4,
      [message.headers['after'] ?? '0000'],
      outputs.map((each) => each.serial),
    ) ?? '0000';
  const steered = channel.messages
    .filter(({ name }) => name === 'steer' || name === 'input')
    .map(({ id }) => id);
  const pieces = [
    'one two ',
    control(['open', 'text', {}]) + 'three',
    '😀',
    control(['call', 'call', {}]) + control(['assign', 'call', { device: 'tab' }]),
    control(['ask', 'ask', { tool: 'call', until: 1000 * (channel.events.length + (pick.number(5) % 4)) }]),
    control(['ask', 'ask', { tool: 'call' }]) + control(['call', 'call']),
    control(['put', 'steering', { id: pick.of(4, steered, RUNS) ?? 'a' }]),
    control(['end', pick.of(4, ['complete', 'suspended', 'suspended', 'cancelled', 'error']) ?? 'lost']),
    control(['answer', 'ask', { record: `z${pick.number(4) % 4}-0`, ok: true }]),
    control(['result', 'call', { output: 1, record: `z${pick.number(4) % 4}-1` }]),
    control(['continue', other, { length: pick.number(5) * 3 }]),
    control(['message', 'id', { role: 'assistant' }]),
  ];
  const piece = pieces[pick.number(3)] ?? '';
  return pick.number(6) === 1 ? piece.slice(0, -1) : piece;
}
