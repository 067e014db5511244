import { openSession } from '@holdfast/core';
import { openNotes, staffLane } from '@holdfast/core/notes';
import { expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { atEnd, openClient, openGateway, tokenFor } from './open-gateway.ts';

const SESSION = 'support-42';
const CUSTOMER = { [SESSION]: ['*'], [`${SESSION}:open:*`]: ['*'] } as const;
const STAFF = { ...CUSTOMER, [staffLane(SESSION)]: ['*'] } as const;
const SECRETS = ['has been refunded twice already', 'offer her a voucher instead'];

it('P32 a customer never receives what staff and agent tell each other: it is not on her wire', async () => {
  const { url } = await openGateway();
  const frames: string[] = [];
  class Recorded extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      this.on('message', (data: Buffer) => frames.push(data.toString()));
    }
  }
  const customer = openClient(url, 'ada', {
    token: () => tokenFor('ada', { capabilities: CUSTOMER }),
    WebSocket: Recorded,
  });
  const member = (clientId: string, role: string): ReturnType<typeof openClient> =>
    openClient(url, clientId, { token: () => tokenFor(clientId, { capabilities: STAFF, claims: { role } }) });
  const [bob, bot] = [member('bob', 'staff'), member('bot', 'agent')];
  const [ada, console_, desk] = [customer, bob, bot].map((channels) =>
    openSession({ channels, name: SESSION }),
  );
  if (!ada || !console_ || !desk) throw new Error('three sessions');
  atEnd(() => Promise.all([ada, console_, desk].map((session) => session.close())));
  const [notes, agentNotes] = [bob, bot].map((channels) => openNotes({ channels, session: SESSION }));
  if (!notes || !agentNotes) throw new Error('two lanes');
  await Promise.all([ada.ready, console_.ready, notes.ready, agentNotes.ready]);

  await ada.send({ parts: [{ type: 'text', text: 'I want my money back' }] }).stored;
  await desk.floor('ask', { reason: 'a refund' });
  await agentNotes.write({ parts: [{ type: 'text', text: `She ${SECRETS[0]}.` }] });
  await console_.floor('take');
  await notes.write({ parts: [{ type: 'text', text: `Then ${SECRETS[1]}.` }] });
  await vi.waitFor(() => expect(agentNotes.snapshot).toHaveLength(2));
  await vi.waitFor(() =>
    expect(ada.snapshot.floor.holder).toMatchObject({ kind: 'person', clientId: 'bob' }),
  );

  const spying = openNotes({ channels: customer, session: SESSION });
  await expect(spying.ready).rejects.toMatchObject({ code: 'forbidden' });
  await expect(spying.write({ parts: [{ type: 'text', text: 'hello?' }] })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(customer.channel(staffLane(SESSION)).history()).rejects.toMatchObject({ code: 'forbidden' });
  await expect(customer.channel(staffLane(SESSION)).presence.members()).rejects.toMatchObject({
    code: 'forbidden',
  });

  // Its own traffic is there to be found, so the search can find something.
  expect(frames.some((frame) => frame.includes('I want my money back'))).toBe(true);
  for (const secret of SECRETS) expect(frames.filter((frame) => frame.includes(secret))).toEqual([]);
  expect(notes.snapshot).toEqual(agentNotes.snapshot);
});
