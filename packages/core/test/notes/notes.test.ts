import { openNotes, staffLane } from '@holdfast/core/notes';
import { expect, test, vi } from 'vitest';
import { createScene } from '../scene.ts';
import { said } from '../text-codec.ts';

test('staff and agents tell each other things, about messages too, and see the same', async () => {
  const scene = createScene();
  const staff = openNotes({ channels: scene.connect('bob', 'staff'), session: scene.name });
  const agent = openNotes({ channels: scene.connect('bot', 'agent'), session: scene.name });
  await Promise.all([staff.ready, agent.ready]);
  const ada = await scene.device();
  const { message } = ada.send({ parts: said('I want my money back') });
  await agent.write({ parts: said('Third refund this year.'), about: message });
  await staff.write({ parts: said('I take it from here.') });
  await vi.waitFor(() => expect(agent.snapshot).toHaveLength(2));
  expect(agent.snapshot).toMatchObject([
    { parts: said('Third refund this year.'), about: message, author: { clientId: 'bot', role: 'agent' } },
    { parts: said('I take it from here.'), author: { clientId: 'bob', role: 'staff' } },
  ]);
  const late = openNotes({ channels: scene.connect('eve', 'staff'), session: scene.name });
  await late.ready;
  expect(late.snapshot).toEqual(agent.snapshot);
  expect(ada.snapshot.messages).toHaveLength(1);
  for (const notes of [staff, agent, late]) notes.close();
});

test('what is no note is passed over, and a note without parts is refused', async () => {
  const scene = createScene();
  const channels = scene.connect('bob', 'staff');
  const notes = openNotes({ channels, session: scene.name });
  await notes.ready;
  await expect(notes.write({ parts: [] })).rejects.toMatchObject({ code: 'invalid' });
  const lane = channels.channel(staffLane(scene.name));
  for (const [n, data] of [
    'text',
    null,
    { parts: 'x' },
    { parts: [7, { type: 'text', text: 'kept' }] },
  ].entries())
    await lane.publish({ action: 'create', draft: { id: `odd ${n}`, name: 'note', data } });
  await lane.publish({ action: 'create', draft: { id: 'other', name: 'memo', data: { parts: [] } } });
  await vi.waitFor(() =>
    expect(notes.snapshot.map(({ parts }) => parts)).toEqual([[{ type: 'text', text: 'kept' }]]),
  );
  notes.close();
  expect(() => openNotes({ channels, session: 'a:b' })).toThrow(TypeError);
});
