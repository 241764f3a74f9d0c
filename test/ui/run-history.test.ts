/** The page of an execution with a long history: more iterations than it shows, more events than anybody reads. */
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const ITEMS = 7_000;
const BROKEN = 6_990;
const EVENTS = 20_000;

const MANY = JSON.stringify({
  name: 'many-items',
  nodes: [
    {
      id: 'each',
      type: 'map',
      config: {
        items: '{{ $trigger.items }}',
        limit: 1,
        body: {
          nodes: [
            { id: 'broken', type: 'if', config: { condition: `{{ $item == ${BROKEN} }}` } },
            { id: 'stop', type: 'fail', config: { message: 'This one cannot be done' } },
            { id: 'double', type: 'transform', config: { value: '{{ $item * 2 }}' } },
          ],
          edges: ['broken:true -> stop', 'broken:false -> double'],
        },
      },
    },
    { id: 'after', type: 'transform' },
  ],
  edges: ['each -> after'],
});

onStage('the page of an execution with a long history', (stage) => {
  let id = '';

  test('the iteration that failed is found far beyond those that are shown, and the way on from there', async () => {
    const workflow = await stage().deploy(MANY);
    id = await stage().run(workflow, { items: Array.from({ length: ITEMS }, (_, index) => index) });
    await stage().until(id, 'failed');
    const page = await stage().visit(`/executions/${id}?node=each`);
    const error = page.getByRole('region', { name: 'Error' });
    await error.getByRole('button', { name: `each[${BROKEN}]/stop` }).waitFor();
    await error.getByRole('button', { name: 'Retry from here' }).waitFor();

    const panel = page.getByRole('complementary', { name: 'Node each' });
    const shown = panel.getByLabel('Iterations that are shown');
    await panel.getByRole('button', { name: /^0 completed/ }).waitFor();
    await shown.selectOption('Failed');
    await panel.getByRole('button', { name: new RegExp(`^${BROKEN} failed`) }).waitFor();
    expect(await panel.getByRole('button', { name: /^\d+ (failed|completed)/ }).count()).toBe(1);
    expect(await accessFaults(page)).toEqual([]);
    await shown.selectOption('Running');
    await panel.getByText('None is running.').waitFor();
    await shown.selectOption('Failed');
    await panel.getByRole('button', { name: /stop.*This one cannot be done/ }).click();
    await page.getByRole('complementary', { name: `Node each[${BROKEN}]/stop` }).waitFor();

    const last = Number(await page.getByRole('slider').getAttribute('max'));
    await error.getByRole('button', { name: 'Retry from here' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry from here' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // It is retried, starts, and fails with its container anew.
    await page.getByText(`${last + 5}/${last + 5}`).waitFor();
    await error.getByRole('button', { name: `each[${BROKEN}]/stop` }).waitFor();
  });

  test('its events are opened at the end as quickly as at the beginning, and only those in sight are in the page', async () => {
    const page = await stage().visit(`/executions/${id}?view=events`);
    await page.getByRole('button', { name: /execution created/ }).waitFor();
    // It stands there once the end is found.
    const last = Number(await page.getByRole('slider').getAttribute('max'));
    expect(last).toBeGreaterThan(EVENTS);
    await page.getByText(`${last.toLocaleString('en-US')} events`).waitFor();
    const pages: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/events')) pages.push(request.url());
    });
    await page.getByRole('button', { name: 'To the last' }).click();
    await page
      .getByRole('button', { name: /execution failed.*This one cannot be done/ })
      .last()
      .waitFor();
    expect(await page.getByRole('listitem').count()).toBeLessThan(100);
    expect(pages.length).toBeLessThan(4);
    await page.getByRole('button', { name: 'To the first' }).click();
    await page.getByRole('button', { name: /container opened.*each.*7000 iterations/ }).waitFor();

    // The middle of it, as it was.
    await page.goto(`/executions/${id}?view=events&at=10000`);
    await page.getByText(`10000/${last}`).waitFor();
    await page.getByText('as it was').waitFor();
    await page.getByRole('button', { name: 'Back to now' }).click();

    await page.getByLabel('Type of event').selectOption('node.failed');
    await page.getByText(new RegExp(`^\\d+ of ${last.toLocaleString('en-US')} looked through`)).waitFor();
    await page
      .getByRole('list', { name: 'Events' })
      .getByRole('button', { name: new RegExp(`each\\[${BROKEN}\\]/stop`) })
      .first()
      .waitFor();
  });

  test('its timeline shows the first thousands at once, and more when that is asked', async () => {
    const page = await stage().visit(`/executions/${id}?view=timeline`);
    await page.getByRole('group', { name: 'Timeline' }).getByTitle('each', { exact: true }).waitFor();
    const more = page.getByRole('button', { name: /more events$/ });
    await more.click();
    await more.waitFor({ state: 'detached' });
  });
});
