import { toolDefinition, type AnyTool } from '@tanstack/ai';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { events, type Event } from '../codec/fold.ts';
import { finished, interrupted, started, text } from '../codec/streams.ts';
import { answer, calls, createModel, createTap, toolCall } from '../model.ts';
import { createScene, lines, settled, soon, type Scene, type Tab, type TabOptions } from './scene.ts';

const locate = toolDefinition({
  name: 'locate',
  description: 'where the user is',
  inputSchema: z.object({}),
});
const paid: number[] = [];
const pay = toolDefinition({
  name: 'pay',
  description: 'pays',
  inputSchema: z.object({ sum: z.number() }),
  needsApproval: true,
});
const tools: readonly AnyTool[] = [
  locate,
  pay.server(({ sum }) => {
    paid.push(sum);
    return 'paid';
  }),
];

/** A page that runs its tool, as pages do. */
function runsTools(ran: string[], device: string): TabOptions {
  const tool = locate.client(() => {
    ran.push(device);
    return { city: 'Lisbon' };
  });
  return { device, tools: [tool, pay.client()] };
}

/** The approvals that a chat asks for. */
function asks({ chat }: Tab): readonly { readonly kind: string }[] {
  const interrupts: readonly { readonly kind: string }[] = chat.getInterrupts();
  return interrupts.filter(({ kind }) => kind === 'tool-approval');
}

async function decide({ chat }: Tab, isApproved: boolean): Promise<void> {
  chat.resolveInterrupts(isApproved);
  await soon(() => expect(chat.getInterrupts()).toEqual([]));
}

test('a client tool runs once, on the device that asked, and the run goes on once', async () => {
  const scene = createScene();
  const model = createModel(calls(toolCall('locate', {})), answer('Take the tram.'));
  await scene.agent({ model, tools });
  const ran: string[] = [];
  const laptop = await scene.tab(runsTools(ran, 'laptop'));
  const phone = await scene.tab(runsTools(ran, 'phone'));
  await laptop.chat.sendMessage('the way, please');
  await soon(() => expect(lines(phone).join('')).toContain('Take the tram.'));
  await settled(laptop, phone);
  expect(ran).toEqual(['laptop']);
  expect(model.prompts).toHaveLength(2);
  expect(JSON.stringify(model.prompts[1])).toContain('Lisbon');
  expect(lines(phone)).toEqual([
    'user: the way, please',
    'assistant: [complete]',
    'assistant: Take the tram.',
  ]);
  const reloaded = await scene.tab(runsTools(ran, 'laptop'));
  await settled(laptop, phone, reloaded);
  expect(ran).toEqual(['laptop']);
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'complete' }]);
});

test('a page that watches a call stream in does not run it', async () => {
  const scene = createScene();
  const tap = createTap();
  await scene.agent({ model: createModel(tap, answer('There.')), tools });
  const ran: string[] = [];
  const laptop = await scene.tab(runsTools(ran, 'laptop'));
  const phone = await scene.tab(runsTools(ran, 'phone'));
  const sent = laptop.chat.sendMessage('where?');
  tap.say('Let me see. ');
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: Let me see. '));
  tap.push(...calls(toolCall('locate', {})).slice(1), undefined as never);
  await sent;
  await soon(() => expect(lines(phone).join('')).toContain('There.'));
  await settled(laptop, phone);
  expect(ran).toEqual(['laptop']);
  expect(phone.chat.getInterrupts()).toEqual([]);
});

test('an approval is given on a device that did not ask, and every prompt goes', async () => {
  const scene = createScene();
  const model = createModel(calls(toolCall('pay', { sum: 7 })), answer('Done.'));
  await scene.agent({ model, tools });
  paid.length = 0;
  const laptop = await scene.tab(runsTools([], 'laptop'));
  const phone = await scene.tab(runsTools([], 'phone'));
  await laptop.chat.sendMessage('pay 7');
  await soon(() => {
    expect(asks(laptop)).toHaveLength(1);
    expect(asks(phone)).toHaveLength(1);
  });
  expect(lines(phone).at(-1)).toBe('assistant: [approval-requested]');
  const late = await scene.tab(runsTools([], 'late'));
  await soon(() => expect(asks(late)).toHaveLength(1));
  await decide(phone, true);
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: Done.'));
  await settled(laptop, phone, late);
  expect(paid).toEqual([7]);
  await soon(() => {
    expect(laptop.chat.getInterrupts()).toEqual([]);
    expect(late.chat.getInterrupts()).toEqual([]);
  });
  expect(model.prompts).toHaveLength(2);
});

test('of two decisions the first one counts, and both chats show it', async () => {
  const scene = createScene();
  const model = createModel(calls(toolCall('pay', { sum: 7 })), answer('As you say.'));
  await scene.agent({ model, tools });
  paid.length = 0;
  const [laptop, phone] = [await scene.tab(runsTools([], 'laptop')), await scene.tab(runsTools([], 'phone'))];
  await laptop.chat.sendMessage('pay 7');
  await soon(() => {
    expect(asks(laptop)).toHaveLength(1);
    expect(asks(phone)).toHaveLength(1);
  });
  await Promise.all([decide(laptop, false), decide(phone, true)]);
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: As you say.'));
  await settled(laptop, phone);
  expect(model.prompts).toHaveLength(2);
  expect(paid.length).toBeLessThan(2);
});

test('a denied call is not run, and the answer goes on', async () => {
  const scene = createScene();
  const model = createModel(calls(toolCall('pay', { sum: 7 })), answer('As you say.'));
  await scene.agent({ model, tools });
  paid.length = 0;
  const laptop = await scene.tab(runsTools([], 'laptop'));
  await laptop.chat.sendMessage('pay 7');
  await soon(() => expect(asks(laptop)).toHaveLength(1));
  await decide(laptop, false);
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: As you say.'));
  await settled(laptop);
  expect(paid).toEqual([]);
});

test('a tool of the client beside an approval that somebody else gives: neither waits for the other', async () => {
  const scene = createScene();
  const model = createModel(calls(toolCall('locate', {}), toolCall('pay', { sum: 7 })), answer('Both done.'));
  await scene.agent({ model, tools });
  const ran: string[] = [];
  paid.length = 0;
  const laptop = await scene.tab(runsTools(ran, 'laptop'));
  const phone = await scene.tab(runsTools(ran, 'phone'));
  await laptop.chat.sendMessage('both');
  await soon(() => {
    expect(asks(phone)).toHaveLength(1);
    expect(asks(laptop)).toHaveLength(1);
  });
  await decide(phone, true);
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: Both done.'));
  await settled(laptop, phone);
  expect(ran).toEqual(['laptop']);
  expect(paid).toEqual([7]);
  expect(model.prompts).toHaveLength(2);
});

test('a run that is cancelled while it asks asks no more', async () => {
  const scene = createScene();
  const model = createModel(calls(toolCall('pay', { sum: 7 })), answer('Hello.'));
  await scene.agent({ model, tools, leaseMs: 200 });
  const [laptop, phone] = [await scene.tab(runsTools([], 'laptop')), await scene.tab(runsTools([], 'phone'))];
  await laptop.chat.sendMessage('pay 7');
  await soon(() => expect(asks(phone)).toHaveLength(1));
  await phone.connection.cancel();
  await soon(() => {
    expect(laptop.chat.getInterrupts()).toEqual([]);
    expect(phone.chat.getInterrupts()).toEqual([]);
  });
  await laptop.chat.sendMessage('hello');
  await settled(laptop, phone);
  expect(lines(phone).at(-1)).toBe('assistant: Hello.');
});

test('changed arguments are what the tool is run with; what the agent does not take is asked again', async () => {
  const scene = createScene();
  // Spelled otherwise than anybody else would.
  const spelled = toolCall('pay', { sum: 7 }).map((event) =>
    'delta' in event ? { ...event, delta: '{ "sum": 7 }' } : event,
  );
  const model = createModel(calls(spelled), answer('Done.'));
  await scene.agent({
    model,
    tools,
    approvals: () => ({ edit: (input) => z.object({ sum: z.number().max(7) }).parse(input) }),
  });
  paid.length = 0;
  const laptop = await scene.tab(runsTools([], 'laptop'));
  const phone = await scene.tab(runsTools([], 'phone'));
  await laptop.chat.sendMessage('pay 7');
  await soon(() => expect(asks(phone)).toHaveLength(1));
  const decideWith = async ({ chat }: Tab, sum: number): Promise<void> => {
    const asked: readonly unknown[] = chat.getInterrupts();
    // The client knows the tool's type; this page serves any.
    const [first] = asked as readonly {
      resolveInterrupt(approved: boolean, response: object): void;
    }[];
    first?.resolveInterrupt(true, { editedArgs: { sum } });
    await soon(() => expect(asks(phone)).toEqual([]));
  };
  await decideWith(phone, 700);
  await soon(() => {
    const [run] = laptop.session.snapshot.runs;
    const parts = (run?.output === undefined ? undefined : laptop.session.message(run.output))?.parts;
    expect(parts?.find(({ type }) => type === 'tool')).toMatchObject({ decisions: [{ refused: 'invalid' }] });
  });
  await soon(() => expect(asks(phone)).toHaveLength(1));
  await decideWith(phone, 5);
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: Done.'));
  await settled(laptop, phone);
  expect(paid).toEqual([5]);
  const late = await scene.tab(runsTools([], 'late'));
  await settled(laptop, phone, late);
  for (const { chat } of [laptop, phone, late]) {
    const call = chat.getMessages().flatMap(({ parts }) => parts.filter(({ type }) => type === 'tool-call'));
    expect(call).toMatchObject([{ arguments: '{"sum":5}', input: { sum: 5 } }]);
  }
});

/** An agent that asks something which is about no tool, and then says what it was told. */
function asksFirst(scene: Scene, told: unknown[]) {
  return scene.agent({
    async *stream(run) {
      const resume = await run.resume();
      told.push(resume);
      const [first] = resume;
      const said = first === undefined ? 'Let me ask.' : `${first.status} ${JSON.stringify(first.payload)}`;
      yield* events([started, ...text(`m${told.length}`, said)]);
      yield* events([first === undefined ? interrupted(WHICH) : finished()]);
    },
  });
}

const WHICH: Event = {
  type: 'interrupt',
  id: 'which-1',
  reason: 'which_city',
  message: 'Which city?',
  responseSchema: { type: 'object', properties: { city: { type: 'string' } } },
};

interface Generic {
  readonly kind: string;
  readonly message?: string;
  resolveInterrupt(payload: unknown): void;
  cancel(): void;
}

function generic({ chat }: Tab): Generic | undefined {
  const asked: readonly unknown[] = chat.getInterrupts();
  return (asked as readonly Generic[]).find(({ kind }) => kind === 'generic');
}

test('an interrupt that is about no tool suspends the run, and who asked resumes it, also after a reload', async () => {
  const scene = createScene();
  const told: unknown[] = [];
  await asksFirst(scene, told);
  const laptop = await scene.tab({ device: 'laptop' });
  const phone = await scene.tab({ device: 'phone' });
  await laptop.chat.sendMessage('The weather, please');
  await soon(() => expect(generic(laptop)).toMatchObject({ message: 'Which city?' }));
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'suspended' }]);
  // Nobody else is asked, and no chat shows a call.
  expect(phone.chat.getInterrupts()).toEqual([]);
  await settled(laptop, phone);
  expect(lines(phone)).toEqual(['user: The weather, please', 'assistant: Let me ask.']);
  const again = await scene.tab({ device: 'laptop' });
  await soon(() => expect(generic(again)).toMatchObject({ message: 'Which city?' }));
  generic(again)?.resolveInterrupt({ city: 'Lisbon' });
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: resolved {"city":"Lisbon"}'));
  await settled(laptop, phone, again);
  expect(told).toEqual([[], [{ interruptId: 'which-1', status: 'resolved', payload: { city: 'Lisbon' } }]]);
  await soon(() => {
    for (const { chat } of [laptop, phone, again]) expect(chat.getInterrupts()).toEqual([]);
  });
});

test('an interrupt that is cancelled is told to the agent as that', async () => {
  const scene = createScene();
  const told: unknown[] = [];
  await asksFirst(scene, told);
  const laptop = await scene.tab();
  await laptop.chat.sendMessage('The weather, please');
  await soon(() => expect(generic(laptop)).toBeDefined());
  generic(laptop)?.cancel();
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: cancelled undefined'));
  expect(told.at(-1)).toEqual([{ interruptId: 'which-1', status: 'cancelled' }]);
});
