import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene, type Seat } from './scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
}, 120_000);

afterAll(() => scene?.close(), 30_000);

/** What only staff and the assistant may read: of the assistant's notes, and of a person's. */
const PRIVATE = ['Two refunds since spring', 'a voucher of 20 € is fine with me', 'both parcels came back'];

test('a customer is helped by the assistant and by two people, and never receives what these tell each other', async () => {
  const ada = await scene.open('?as=ada');
  await say(ada, 'Can I send a jacket back?');
  await sees(ada, '.message.assistant', 'You can send anything back within 30 days');
  await sees(ada, '.sources', '2 from help.example.com');
  expect(await ada.page.locator('.message.assistant sup').allTextContents()).toEqual(['1', '2']);

  await say(ada, 'A refund for order 8080, please');
  await sees(ada, '.refund', 'waits for approval');
  expect(await ada.page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0);

  const ben = await scene.open('?as=ben');
  await say(ben, 'Do you sell tents?');
  await sees(ben, '.message.assistant', 'I have asked for somebody of our team');

  const bob = await scene.open('staff.html?as=bob');
  await sees(bob, '.desk li:first-child', 'Ben');
  await choose(bob, 'Ada', 'to approve');
  await sees(bob, '.approval', 'Not yours to decide: it takes staff with refunds: true.');
  expect(await bob.page.getByRole('button', { name: 'Approve', exact: true }).isDisabled()).toBe(true);
  await sees(bob, '.notes', 'About the refund of 380 € for order 8080. Customer for six years.');

  const eve = await scene.open('staff.html?as=eve');
  await choose(eve, 'Ada', 'to approve');
  await picture(bob, 'approval');
  await eve.page.getByRole('button', { name: 'Approve', exact: true }).click();
  await sees(ada, '.refund', 'paid');
  await sees(ada, '.message.assistant', 'Done: 380 € for order 8080 are on their way');

  await say(ada, 'I would like to talk to a person');
  await sees(ada, '.status', 'Somebody of our team was asked to come');
  await sees(bob, '.desk li:first-child', 'Ada');
  await sees(bob, '.desk li:first-child', 'wants a person');
  await bob.page.getByRole('button', { name: 'Take over' }).click();
  await sees(ada, '.floor', 'You talk to Bob');
  await say(ada, 'My jacket came late, too');
  await sees(bob, '.panel', '1 not answered');
  await sees(bob, '.notes', 'Two refunds since spring');
  await note(bob, 'Eve, a voucher of 20 € is fine with me');
  await say(bob, 'I am sorry about that', 'Answer');
  await sees(ada, '.message.assistant[data-author="staff"]', 'I am sorry about that');
  await sees(ada, '.byline.person', 'Bob, Customer care');

  // Another expert comes in, on another device, and sees all of it.
  const joining = await scene.open('staff.html?as=eve');
  await choose(joining, 'Ada', 'Bob');
  await sees(joining, '.notes', 'a voucher of 20 € is fine with me');
  await sees(joining, '.message.assistant', 'I am sorry about that');
  expect(await texts(joining)).toEqual(await texts(bob));
  await bob.page.getByRole('button', { name: 'Hand to Eve' }).click();
  await sees(joining, '.panel h2', 'You answer');
  await say(joining, 'I have put a voucher of 20 € in your account', 'Answer');
  await sees(ada, '.message.assistant[data-author="staff"]', 'I have put a voucher of 20 €');
  await picture(ada, 'customer');
  await picture(joining, 'console');
  await joining.page.getByRole('button', { name: 'Back to the assistant' }).click();
  await sees(ada, '.floor', 'You talk to our assistant');

  await say(ada, 'So what was agreed?');
  await sees(ada, '.message.assistant', 'You were told “I am sorry about that” and “I have put a voucher');
  expect(await texts(ben)).toHaveLength(2);
  // What a person has answered, the assistant does not answer once more.
  expect(await ada.page.locator('.message.assistant').count()).toBe(6);
  expect(await texts(joining)).toEqual(await texts(ada));

  const wire = ada.received.join('\n');
  expect(wire).toContain('I have put a voucher of 20 €');
  for (const words of PRIVATE) {
    expect(wire).not.toContain(words);
    expect(bob.received.join('\n')).toContain(words);
  }
}, 90_000);

async function say(seat: Seat, text: string, label = 'Message'): Promise<void> {
  const box = seat.page.getByLabel(label, { exact: true });
  await box.fill(text);
  await box.press('Enter');
}

function note(seat: Seat, text: string): Promise<void> {
  return say(seat, text, 'Note');
}

async function sees({ page }: Seat, selector: string, text: string): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor({ timeout: 20_000 });
}

/** Opens a conversation in the console, when the list says this of it. */
async function choose({ page }: Seat, customer: string, standing: string): Promise<void> {
  await page.locator('.desk button', { hasText: customer }).filter({ hasText: standing }).click();
  await page.locator('.message').first().waitFor();
}

async function texts({ page }: Seat): Promise<readonly string[]> {
  return (await page.locator('.message .text').allTextContents()).map((text) => text.trim());
}

/** For the docs, where `SCREENSHOT` says so. */
async function picture({ page }: { readonly page: Page }, name: string): Promise<void> {
  const prefix = process.env['SCREENSHOT'];
  if (prefix) await page.screenshot({ path: `${prefix}-${name}.png` });
}
