import { decideApproval, readApproval, type Agent, type Approval } from '@holdfast/core';
import { lastAssistantMessageIsCompleteWithApprovalResponses, type ToolSet } from 'ai';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { UIAgentOptions } from '../../src/agent.ts';
import { answer, call, calls, createModel } from './model.ts';
import { createScene, lines, settled, soon, type Scene, type Tab } from './scene.ts';

interface Staged {
  readonly scene: Scene;
  readonly agent: Agent;
  readonly tools: ToolSet;
  readonly laptop: Tab;
  readonly phone: Tab;
  readonly model: ReturnType<typeof createModel>;
  /** What was removed. */
  readonly removed: string[];
  readonly approvalId: string;
}

/** A conversation that waits for somebody to approve of a tool, in two tabs. */
async function stage(setup: Partial<UIAgentOptions> = {}): Promise<Staged> {
  const scene = createScene();
  const removed: string[] = [];
  const tools: ToolSet = {
    remove: {
      inputSchema: z.object({ path: z.string() }),
      needsApproval: true,
      execute({ path }) {
        removed.push(path);
        return 'gone';
      },
    },
  };
  const model = createModel(calls(call('remove', { path: '/old' })), answer('As you wish.'));
  const agent = await scene.agent({ model, tools, leaseMs: 300, ...setup });
  const sendAutomaticallyWhen = lastAssistantMessageIsCompleteWithApprovalResponses;
  const laptop = await scene.tab({ sendAutomaticallyWhen });
  const phone = await scene.tab({ sendAutomaticallyWhen });
  await laptop.chat.sendMessage({ text: 'tidy up' });
  await soon(() => expect(lines(phone).at(-1)).toBe('assistant: [approval-requested]'));
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'suspended' }]);
  return { scene, agent, tools, laptop, phone, model, removed, approvalId: approvalOf(phone) };
}

function approvalOf({ chat }: Tab): string {
  const [part] = (chat.messages.at(-1)?.parts ?? []).filter((each) => 'approval' in each);
  return (part as { approval?: { id: string } } | undefined)?.approval?.id ?? '';
}

test.each(['laptop', 'phone'] as const)('a tool that is approved of on the %s runs once', async (device) => {
  const { laptop, phone, model, removed, approvalId, ...staged } = await stage();
  const { chat } = { laptop, phone }[device];
  await chat.addToolApprovalResponse({ id: approvalId, approved: true });
  await settled(laptop, phone);
  expect(removed).toEqual(['/old']);
  expect(lines(laptop).at(-1)).toBe('assistant: [output-available]As you wish.');
  expect(model.doStreamCalls).toHaveLength(2);
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'complete' }]);
  const reloaded = await staged.scene.tab({
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
  });
  await settled(laptop, phone, reloaded);
  expect(removed).toEqual(['/old']);
});

test.each(['laptop', 'phone'] as const)('a tool that is denied on the %s never runs', async (device) => {
  const { laptop, phone, model, removed, approvalId } = await stage();
  const { chat } = { laptop, phone }[device];
  await chat.addToolApprovalResponse({ id: approvalId, approved: false, reason: 'keep it' });
  await settled(laptop, phone);
  expect(removed).toEqual([]);
  expect(lines(laptop).at(-1)).toMatch(/^assistant: \[(approval-responded|output-denied)\]As you wish\.$/);
  expect(JSON.stringify(model.doStreamCalls[1]?.prompt)).toContain('keep it');
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'complete' }]);
});

test('I17 of two decisions the first one counts, and both tabs go on with it', async () => {
  const { laptop, phone, model, removed, approvalId } = await stage();
  await Promise.all([
    laptop.chat.addToolApprovalResponse({ id: approvalId, approved: true }),
    phone.chat.addToolApprovalResponse({ id: approvalId, approved: false }),
  ]);
  await settled(laptop, phone);
  expect(removed.length).toBeLessThan(2);
  expect(model.doStreamCalls).toHaveLength(2);
  expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'complete' }]);
});

test('an approval outlives the agent that asked for it', async () => {
  const { scene, agent, laptop, phone, model, tools, removed, approvalId } = await stage();
  await agent.close();
  await phone.chat.addToolApprovalResponse({ id: approvalId, approved: true });
  await soon(() => expect(phone.chat.status).toBe('submitted'));
  await scene.agent({ model, tools });
  await settled(laptop, phone);
  expect(removed).toEqual(['/old']);
  expect(lines(phone).at(-1)).toBe('assistant: [output-available]As you wish.');
});

test('a question that is asked instead leaves the approval alone', async () => {
  const { laptop, phone, model, removed } = await stage();
  await phone.chat.sendMessage({ text: 'never mind' });
  await settled(laptop, phone);
  expect(removed).toEqual([]);
  expect(lines(laptop).slice(-2)).toEqual(['user: never mind', 'assistant: As you wish.']);
  expect(model.doStreamCalls).toHaveLength(2);
});

test('stop ends a run that waits for an approval', async () => {
  const { laptop, phone, removed } = await stage();
  await phone.sync?.stop();
  await soon(() => expect(laptop.session.snapshot.runs).toMatchObject([{ status: 'cancelled' }]));
  await settled(laptop, phone);
  expect(removed).toEqual([]);
});

/** The approval as a page reads it beside the chat. */
function read({ session }: Tab): Approval {
  const [run] = session.snapshot.runs;
  const [part] = session.snapshot.messages.at(-1)?.parts.filter(({ type }) => type === 'tool') ?? [];
  const approval =
    run !== undefined && part?.type === 'tool'
      ? readApproval(session, { run: run.id, callId: part.callId })
      : undefined;
  if (approval === undefined) throw new Error('Nobody is asked.');
  return approval;
}

test('P17 a decision that does not count is the chat’s error, and can be given by who may', async () => {
  const { scene, laptop, phone, removed, approvalId } = await stage({
    approvals: () => ({ may: ({ clientId }) => clientId === 'boss' || 'Only the boss removes things.' }),
  });
  await laptop.chat.addToolApprovalResponse({ id: approvalId, approved: true });
  await soon(() =>
    expect(laptop.errors).toMatchObject([{ code: 'refused', message: 'Only the boss removes things.' }]),
  );
  await soon(() => expect(lines(laptop).at(-1)).toBe('assistant: [approval-requested]'));
  for (const tab of [laptop, phone])
    await soon(() => expect(read(tab)).toMatchObject({ state: 'open', refusal: { refused: 'forbidden' } }));
  expect(removed).toEqual([]);
  laptop.chat.clearError();
  const boss = await scene.tab({
    user: 'boss',
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
  });
  await soon(() => expect(lines(boss).at(-1)).toBe('assistant: [approval-requested]'));
  await boss.chat.addToolApprovalResponse({ id: approvalId, approved: true });
  await settled(laptop, phone, boss);
  expect(removed).toEqual(['/old']);
  expect(lines(laptop).at(-1)).toBe('assistant: [output-available]As you wish.');
});

test('changed arguments are what the tool is run with, and what every chat shows', async () => {
  const { laptop, phone, model, removed } = await stage({
    approvals: () => ({ edit: (input) => z.object({ path: z.string().startsWith('/') }).parse(input) }),
  });
  expect(read(phone).isEditable).toBe(true);
  await decideApproval(phone.session, read(phone), { ok: true, input: { path: '/older' } });
  await soon(() => expect(removed).toEqual(['/older']));
  await settled(laptop, phone);
  const [, tool] = laptop.chat.messages.at(-1)?.parts ?? [];
  expect(tool).toMatchObject({ state: 'output-available', input: { path: '/older' } });
  expect(JSON.stringify(model.doStreamCalls[1]?.prompt)).toContain('/older');
});
