/** What the page of an execution does when something comes between it and the server, and what is decided on it. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const REFUND = `
name: refund-asked
nodes:
  - id: ask
    type: approval
    config:
      title: Pay it back?
      form: { type: object, required: [reason], properties: { reason: { type: string, title: Reason } } }
  - { id: pay, type: transform, config: { value: '{{ $json.decision.data.reason }}' } }
edges: ['ask:approved -> pay']
`;

const PARCELS = `
name: parcels
nodes:
  - { id: ask, type: approval, config: { title: Send it? } }
  - { id: send, type: transform, config: { value: sent } }
edges: ['ask:approved -> send']
`;

const lastOf = async (page: Page) => Number(await page.getByRole('slider').getAttribute('max'));

onStage('the page of an execution and its line to the server', (stage) => {
  const approve = async (execution: string) => {
    const { body } = await stage().program.call('GET', `/api/executions/${execution}?values=omit`);
    const { waitId } = body.waitingFor[0];
    const { status } = await stage().program.call('POST', `/api/approvals/${waitId}/decide`, {
      decision: 'approved',
      by: 'grace',
    });
    expect(status).toBe(200);
  };
  const open = async (): Promise<[Page, string]> => {
    const id = await stage().run('parcels');
    await stage().until(id, 'waiting');
    const page = await stage().visit(`/executions/${id}`);
    await page.getByText('waits for a decision').first().waitFor();
    return [page, id];
  };

  test('an approval with a form is decided by its form, and what is filled in goes on with it', async () => {
    await stage().deploy(REFUND);
    await stage().deploy(PARCELS);
    const id = await stage().run('refund-asked');
    await stage().until(id, 'waiting');
    const page = await stage().visit(`/executions/${id}`);
    const waits = page.getByRole('region', { name: 'What it waits for' });
    await waits.getByRole('button', { name: 'Fill in and decide' }).click();
    const form = page.getByRole('dialog', { name: 'Pay it back?' });
    await form.getByLabel('Who decides').fill('ada');
    await form.getByRole('button', { name: 'Approve' }).click();
    await form.locator('[aria-invalid=true]').first().waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await form.getByLabel('Reason').fill('the parcel was broken');
    await form.getByRole('button', { name: 'Approve' }).click();
    await form.waitFor({ state: 'detached' });
    await stage().until(id, 'completed');
    const { body } = await stage().program.call('GET', `/api/executions/${id}`);
    expect(body.output).toBe('the parcel was broken');
    await page.getByRole('button', { name: 'Run again' }).waitFor();
  });

  test('a request for the history that fails while the page opens does not leave it standing still', async () => {
    const id = await stage().run('parcels');
    await stage().until(id, 'waiting');
    const page = await stage().visit('/executions');
    await page.route(/\/events\?/, (route) => route.abort(), { times: 1 });
    await page.goto(`/executions/${id}`);
    await page.getByRole('slider').waitFor();
    await approve(id);
    await page.getByRole('button', { name: 'Run again' }).waitFor();
  });

  test('what happens while it is cut off is there when it comes back, event by event', async () => {
    const [page, id] = await open();
    const before = await lastOf(page);
    await page.route('**/api/**', (route) => route.abort());
    await stage().program.kill();
    await stage().program.start();
    await approve(id);
    await stage().until(id, 'completed');
    expect(await lastOf(page)).toBe(before);
    await page.unroute('**/api/**');
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    const { body } = await stage().program.call('GET', `/api/executions/${id}/events`);
    const { length } = body.items;
    expect(length).toBeGreaterThan(before);
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByText(`${length} events`, { exact: true }).waitFor();
    const events = page.getByRole('list', { name: 'Events' }).getByRole('button', { expanded: false });
    expect(await events.count()).toBe(length);
    await events.filter({ hasText: 'execution completed' }).waitFor();
  });

  test('a sign-in that ends is renewed over the page, which is live afterwards', async () => {
    const [page, id] = await open();
    await page.context().clearCookies();
    await stage().program.kill();
    await stage().program.start();
    const door = page.getByRole('dialog', { name: 'You are signed out' });
    await door.getByLabel('API key').fill(stage().program.apiKey);
    await door.getByRole('button', { name: 'Sign in' }).click();
    await door.waitFor({ state: 'detached' });
    await approve(id);
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    const { body } = await stage().program.call('GET', `/api/executions/${id}/events`);
    await page.getByText(`${body.items.length}/${body.items.length}`).waitFor();
  });
});
