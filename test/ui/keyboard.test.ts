/** By keyboard alone: an execution from the list to its last corner, and a decision with a form. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { onStage } from './browser.ts';
import { focused, press, tabTo } from './focus.ts';

const PARCELS = `
name: parcels
settings: { retry: { attempts: 1 } }
triggers: [{ id: hook, type: webhook, path: parcels }]
nodes:
  - { id: load, type: transform, config: { value: { parcels: [{ id: 1 }, { id: 2 }] } } }
  - id: each
    type: map
    config:
      items: '{{ $json.parcels }}'
      body: { nodes: [{ id: weigh, type: transform, config: { value: { weighed: '{{ $item.id }}' } } }] }
  - { id: send, type: http, config: { method: PUT, url: 'http://127.0.0.1:9/', timeout: 1s } }
edges: [load -> each, each -> send]
`;

const REFUNDS = `
name: refunds
nodes:
  - id: ask
    type: approval
    config:
      title: 'Refund {{ $json.customer }}?'
      form:
        type: object
        required: [reason, amount]
        properties: { reason: { enum: [lost, broken] }, amount: { type: number, maximum: 500 } }
`;

const node = (place: string) => `.react-flow__node[data-id="${place}"]`;
const has = (page: Page, css: string) => page.locator(`${css}:focus`).waitFor();
const panel = (path: string) => `aside[aria-label="Node ${path}"]`;

onStage('by keyboard alone', (stage) => {
  let id = '';
  beforeAll(async () => {
    id = await stage().run(await stage().deploy(PARCELS));
    await stage().until(id, 'failed');
  });

  test('from the list into an execution, from node to node, into one and back', async () => {
    const page = await stage().visit('/executions');
    await page.locator(`[data-row="${id}"]`).waitFor();
    await tabTo(page, '[data-row]');
    await press(page, 'Enter');
    await page.waitForURL(`**/executions/${id}`);
    await page.locator(node('load')).waitFor();

    await tabTo(page, '.react-flow__node');
    await has(page, node('load'));
    await press(page, 'ArrowRight');
    await has(page, node('each'));
    await press(page, 'ArrowRight');
    await has(page, node('send'));
    await press(page, 'ArrowLeft');
    await has(page, node('each'));
    await press(page, 'Enter');
    await has(page, panel('each'));
    await tabTo(page, `${panel('each')} button`, 'weigh');
    await press(page, 'Enter');
    await page.locator(panel('each[0]/weigh')).getByText('weighed').waitFor();
    await has(page, panel('each[0]/weigh'));
    await tabTo(page, 'button[aria-label="In the next iteration"]');
    await press(page, 'Enter');
    await page.locator(panel('each[1]/weigh')).waitFor();
    await press(page, 'Escape');
    await page.locator('aside[aria-label^="Node "]').waitFor({ state: 'detached' });
    await has(page, node('each'));
  });

  test('through the timeline and the events, to a moment of the past and back', async () => {
    const page = await stage().visit(`/executions/${id}`);
    await page.locator(node('load')).waitFor();
    await tabTo(page, '[role=tab]');
    await press(page, 'ArrowRight');
    await page.locator('[data-row="load"]').waitFor();
    await tabTo(page, '[data-row]');
    await has(page, '[data-row="load"]');
    await press(page, 'ArrowDown');
    await has(page, '[data-row="each"]');
    await press(page, 'Enter');
    await has(page, panel('each'));
    await tabTo(page, 'button[aria-label="Close"]');
    await press(page, 'Enter');
    await has(page, '[data-row="each"]');

    await tabTo(page, '[role=tab]', '', 'Shift+Tab');
    await press(page, 'ArrowRight');
    await page.getByRole('button', { name: /execution created/ }).waitFor();
    await tabTo(page, '[data-line]');
    await press(page, 'ArrowDown');
    await press(page, 'ArrowDown');
    await press(page, 'Enter');
    await tabTo(page, 'button', 'Show this moment');
    await press(page, 'Enter');
    await page.getByText('as it was').waitFor();
    await page.waitForURL((url) => url.searchParams.get('at') === '3');

    await tabTo(page, '[type=range]');
    await press(page, 'ArrowLeft');
    await page.waitForURL((url) => url.searchParams.get('at') === '2');
    await tabTo(page, 'button[aria-label="One event back"]', '', 'Shift+Tab');
    await press(page, 'Enter');
    await has(page, '[type=range]');
    await page.waitForURL((url) => url.searchParams.get('at') === '1');
    await tabTo(page, 'button', 'Back to now');
    await press(page, 'Enter');
    await has(page, '[type=range]');
    await page.waitForURL((url) => !url.searchParams.has('at'));

    // Once around the page: nothing keeps the focus.
    await tabTo(page, 'a[href="#main"]');
  });

  test('what failed is retried from there', async () => {
    const page = await stage().visit(`/executions/${id}?node=send`);
    await page.locator(panel('send')).getByText('connection_failed').first().waitFor();
    const last = Number(await page.getByRole('slider').getAttribute('max'));
    await tabTo(page, `${panel('send')} button`, 'Retry from here');
    await press(page, 'Enter');
    const dialog = page.getByRole('dialog', { name: 'Retry from here?' });
    await dialog.waitFor();
    await press(page, 'Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Retry from here');
    // The panel is still open: the Escape was for the dialog.
    await press(page, 'Enter');
    await tabTo(page, '[role=dialog] input');
    await page.keyboard.type('The address was wrong');
    await tabTo(page, '[role=dialog] button', 'Retry from here');
    await press(page, 'Enter');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(async () => Number(await page.getByRole('slider').getAttribute('max'))).toBeGreaterThan(last + 2);
    await page.locator(panel('send')).getByText('connection_failed').first().waitFor();
    await press(page, 'Tab');
    await expect.poll(() => focused(page)).not.toBe('');
    await press(page, 'Escape');
    await page.locator(panel('send')).waitFor({ state: 'detached' });
  });

  test('a form is filled in and approved', async () => {
    const asked = await stage().run(await stage().deploy(REFUNDS), { customer: 'Ada' });
    await stage().until(asked, 'waiting');
    const page = await stage().visit('/approvals');
    await page.getByRole('article', { name: 'Refund Ada?' }).waitFor();
    await tabTo(page, '[data-approval]');
    await tabTo(page, 'select[name], [data-decision-form] select');
    await page.keyboard.type('b');
    await tabTo(page, '[data-decision-form] input');
    await page.keyboard.type('501');
    await tabTo(page, '[data-decision-form] textarea');
    await page.keyboard.type('The parcel came broken');
    await tabTo(page, '[data-decision-form] input');
    await page.keyboard.type('ada');
    await tabTo(page, 'button[aria-keyshortcuts=y]');
    await page.keyboard.press('Enter');
    // It goes to what is wrong.
    await page.locator('[aria-invalid]:focus').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('50');
    await tabTo(page, 'button[aria-keyshortcuts=y]');
    await page.keyboard.press('Enter');
    await stage().until(asked, 'completed');
    const { body } = await stage().program.call('GET', '/api/approvals?status=decided');
    expect(body.items[0].decision).toMatchObject({
      decision: 'approved',
      by: 'ada',
      comment: 'The parcel came broken',
      data: { reason: 'broken', amount: 50 },
    });
  });
});
