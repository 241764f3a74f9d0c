import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const DOCUMENT = `
name: panel
triggers:
  - { id: hook, type: webhook, path: panel-orders }
nodes:
  - { id: order, type: transform, config: { value: { total: 42, customer: { name: Ada, 'mail address': a@x.example } } } }
  - { id: check, type: if, config: { condition: '{{ $json.total > 40 }}' } }
  - { id: each, type: map, config: { items: [a, b], body: { nodes: [{ id: one, type: transform, config: { value: '{{ $item }}' } }] } } }
  - { id: count, type: code, config: { source: 'return { n: $json.length };' } }
edges: [order -> check, 'check:true -> each', each -> count]
`;

const YEARLY = `
name: yearly
triggers: [{ id: tick, type: schedule, cron: '0 3 1 1 *', timezone: Pacific/Marquesas }]
nodes: [{ id: a, type: join }]
`;

onStage('the panel of a node', (stage) => {
  let workflow: string;
  beforeAll(async () => {
    workflow = await stage().deploy(DOCUMENT);
    await stage().until(await stage().run(workflow), 'completed');
  });

  const open = async (node: string): Promise<Page> => {
    const page = await stage().visit(`/workflows/${workflow}?node=${encodeURIComponent(node)}`, { width: 1440 });
    await page.getByRole('textbox', { name: 'Name', exact: true }).waitFor();
    return page;
  };
  const field = (page: Page, label: string) => page.getByRole('textbox', { name: label, exact: true });
  const empty = async (page: Page, label: string) => {
    await field(page, label).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
  };

  test('an expression is completed from the last run and worked out as it is typed', async () => {
    const page = await open('check');
    await page.getByText('yes/no').waitFor();
    await empty(page, 'condition');
    await page.keyboard.type('{{$json.cus');
    await page.getByRole('option', { name: /customer/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('.na');
    await page.getByRole('option', { name: /name/ }).waitFor();
    await page.keyboard.press('Enter');
    expect(await field(page, 'condition').textContent()).toContain('$json.customer.name }}');
    await page
      .getByRole('status')
      .filter({ hasText: /^= Ada/ })
      .waitFor();
  });

  test('what is wrong is said below the field', async () => {
    const page = await open('check');
    await empty(page, 'condition');
    await page.keyboard.type('{{nowhere');
    await page
      .getByText(/unknown name nowhere/)
      .first()
      .waitFor();
    await page.locator('[aria-label="condition"][aria-invalid="true"]').waitFor();
    expect(await page.getByText(/unknown name nowhere/).count()).toBeGreaterThan(0);
  });

  test('a field of the data comes to the cursor by a click', async () => {
    const page = await open('check');
    await empty(page, 'condition');
    const data = page.getByRole('region', { name: 'Data of the last run' });
    await data.getByRole('button', { name: 'Open customer' }).click();
    await data.getByRole('button', { name: /mail address/ }).click();
    await page.keyboard.type(' !');
    expect(await field(page, 'condition').textContent()).toBe('{{ $json.customer["mail address"] }} !');
  });

  test('inside of a container the last item is there', async () => {
    const page = await open('each/one');
    await page.getByRole('status').filter({ hasText: /^= b/ }).waitFor();
  });

  test('code has an editor, how a node is run has a view, and so has its JSON', async () => {
    const page = await open('count');
    expect(await field(page, 'source').textContent()).toContain('$json.length');
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Add retry' }).click();
    await page.getByLabel('attempts').fill('5');
    await page.getByRole('tab', { name: 'JSON' }).click();
    await page.getByRole('textbox', { name: 'The node as JSON' }).getByText('"attempts"').waitFor();
  });

  test('a webhook says where it listens and how it is called', async () => {
    const page = await open('trigger:hook');
    await page.getByText(`curl -X POST '${stage().program.url}/webhooks/panel-orders'`).waitFor();
    await page.getByText('It listens now.').waitFor();
  });

  test('a schedule says when it fires next as it is typed, by two clocks where they differ, or what is wrong', async () => {
    const path = `/workflows/${await stage().deploy(YEARLY)}?node=trigger%3Atick`;
    const page = await stage().visit(path, { timezone: 'Europe/Berlin' });
    const times = page.getByRole('region', { name: 'Next times' });
    const cron = page.getByLabel('cron', { exact: true });
    const first = (text: RegExp) => times.getByText(text).first().waitFor();
    await first(/^\w+ \d{4}-01-01 03:00$/);
    await first(/^\w+ \d{4}-01-01 13:30$/);
    expect(await times.getByRole('row').count()).toBe(6);
    await cron.fill('0 4 1 2 *');
    await first(/^\w+ \d{4}-02-01 14:30$/);
    expect(await accessFaults(page)).toEqual([]);
    await cron.fill('61 * * * *');
    await times.getByText('Mend what is marked above').waitFor();
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByText('Invalid value for minute: 61').waitFor();
    await cron.fill('');
    await times.getByText('Give it a pattern, an interval or a moment').waitFor();
    const there = await stage().visit(path, { timezone: 'Pacific/Marquesas' });
    await there.getByRole('columnheader', { name: 'Your clock, as in Pacific/Marquesas' }).waitFor();
    expect(await there.getByRole('columnheader').count()).toBe(1);
  });

  test('the settings of the workflow are a form, and no page reads the whole description of the API for it', async () => {
    const page = await stage().visit('/workflows');
    const read: string[] = [];
    page.on('request', (request) => read.push(new URL(request.url()).pathname));
    await page.goto(`/workflows/${workflow}?node=%24settings`);
    await page.getByRole('heading', { name: 'Settings of the workflow' }).waitFor();
    await page.getByText('Time limit of a whole execution').waitFor();
    await page.getByText('While it is active it is a tool at /mcp').waitFor();
    expect(read).toContain('/api/definition-schema');
    expect(read).not.toContain('/openapi.json');
    expect(await accessFaults(page)).toEqual([]);
  });

  test('nothing hinders anybody', async () => {
    expect(await accessFaults(await open('check'))).toEqual([]);
    expect(await accessFaults(await open('trigger:hook'))).toEqual([]);
  });
});
