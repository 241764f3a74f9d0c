/** The page of an execution, and what is done from the list with several of them. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const ORDERS = `
name: orders
nodes:
  - { id: load, type: transform, config: { value: { orders: [{ id: 1 }, { id: 2 }, { id: 3 }] } } }
  - id: each
    type: map
    config:
      items: '{{ $json.orders }}'
      body: { nodes: [{ id: check, type: transform, config: { value: { seen: '{{ $item.id }}' } } }] }
  - { id: ask, type: approval, config: { title: Send them? } }
  - id: send
    type: http
    config: { url: 'http://127.0.0.1:9/', timeout: 1s }
    retry: { attempts: 2, delay: 100ms, jitter: false }
edges: [load -> each, each -> ask, 'ask:approved -> send']
`;

const THOUSAND = JSON.stringify({
  name: 'thousand',
  nodes: Array.from({ length: 1_000 }, (_, index) => ({
    id: `n${index}`,
    type: 'transform',
    config: { value: index },
  })),
  edges: Array.from({ length: 999 }, (_, index) => `n${Math.floor(index / 3)} -> n${index + 1}`),
});

const eventsOf = async (page: Page) => Number((await page.getByRole('slider').getAttribute('max')) ?? 0);

onStage('the page of an execution', (stage) => {
  test('says why it waits, goes on without a reload when that is decided, and says what failed and what to do', async () => {
    const workflow = await stage().deploy(ORDERS);
    const id = await stage().run(workflow);
    await stage().until(id, 'waiting');
    const page = await stage().visit(`/executions/${id}`);
    const waits = page.getByRole('region', { name: 'What it waits for' });
    await waits.getByText('waits for a decision').waitFor();
    await page.getByText('3/3 · map').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await waits.getByRole('button', { name: 'Approve' }).click();
    const question = page.getByRole('dialog', { name: 'Approve?' });
    await question.getByRole('button', { name: 'Approve' }).click();
    await question.getByText('kept with the decision').waitFor();
    await question.getByLabel('Who decides').fill('ada');
    await page.keyboard.press('Enter');
    const error = page.getByRole('region', { name: 'Error' });
    await error.getByText('connection_failed').waitFor();
    await error.getByText('Check host and port.').waitFor();
    await page.getByText('failed · attempt 2 · http').waitFor();
    await error.getByRole('button', { name: 'send', exact: true }).click();
    await page.getByRole('complementary', { name: 'Node send' }).getByText('connection_failed').first().waitFor();
    expect(await page.getByText('Check host and port.').count()).toBe(1);
    await error.getByRole('button', { name: 'Skip' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Output').fill('{');
    await dialog.getByRole('button', { name: 'Skip it' }).click();
    await dialog.getByText('It is not JSON').waitFor();
    await dialog.getByLabel('Output').fill('{"sent":false}');
    await dialog.getByLabel('Reason').fill('sent by hand');
    await dialog.getByRole('button', { name: 'Skip it' }).click();
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    await page.getByRole('tab', { name: 'Input & output' }).click();
    await page.getByText('sent').first().waitFor();
  });

  test('a node is looked at, iteration by iteration; the address keeps the view, and any moment of the past', async () => {
    const id = await stage().run('orders');
    await stage().until(id, 'waiting');
    const page = await stage().visit(`/executions/${id}?node=each`);
    const panel = page.getByRole('complementary', { name: 'Node each' });
    await panel.getByText('3 of 3 done').waitFor();
    await panel.getByRole('button', { name: /^1 check/ }).click();
    await page.getByRole('button', { name: 'In the next iteration' }).click();
    await page.getByRole('complementary', { name: 'Node each[2]/check' }).getByText('seen').waitFor();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByRole('group', { name: 'Timeline' }).getByText('check').first().waitFor();
    expect(await accessFaults(page)).toEqual([]);
    const last = await eventsOf(page);
    const slider = page.getByRole('slider');
    await slider.focus();
    await slider.press('Home');
    await page.getByText('as it was').waitFor();
    await slider.press('ArrowRight');
    await page.waitForURL((url) => url.searchParams.get('at') === '2');
    await page.getByText('It had not come by here yet.').waitFor();
    await page.reload();
    await page.getByText(`2/${last}`).waitFor();
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.getByText('waits for a decision').first().waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('node'));
  });

  test('events are found by text and type, and opened', async () => {
    const id = await stage().run('orders');
    await stage().until(id, 'waiting');
    const page = await stage().visit(`/executions/${id}?view=events`);
    await page.getByRole('button', { name: /container opened.*each.*3 iterations/ }).waitFor();
    await page.getByLabel('Text in the events').fill('each[1]');
    await page.getByText(/^1 of \d+ looked through/).waitFor();
    await page.getByRole('list', { name: 'Events' }).getByRole('button', { expanded: false }).first().press('Enter');
    await page.getByRole('button', { name: 'Show this moment' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByLabel('Type of event').selectOption('node.failed');
    await page.getByText('No event fits').waitFor();
  });

  test('it goes on by itself after a restart of the server', async () => {
    const id = await stage().run('orders');
    await stage().until(id, 'waiting');
    const page = await stage().visit(`/executions/${id}`);
    await page.getByText('waits for a decision').first().waitFor();
    await stage().program.kill();
    await page.getByText('The server does not answer.').first().waitFor();
    await stage().program.start();
    await page.getByText('The server does not answer.').first().waitFor({ state: 'detached' });
    await stage().program.call('POST', `/api/executions/${id}/cancel`, { reason: 'enough' });
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    await page.getByText('enough').first().waitFor();
  });

  test('several are canceled at once', async () => {
    const ids = [await stage().run('orders'), await stage().run('orders')];
    for (const id of ids) await stage().until(id, 'waiting');
    const page = await stage().visit('/executions?status=waiting&workflow=orders');
    for (const id of ids) await page.getByRole('checkbox', { name: new RegExp(id) }).check();
    await page.getByRole('button', { name: 'Cancel 2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel them' }).click();
    for (const id of ids) await stage().until(id, 'canceled');
    await page.getByText('2 of 2 canceled').waitFor();
  });

  test('on a telephone: why it waits, and its nodes in place of the graph', async () => {
    const id = await stage().run('orders');
    await stage().until(id, 'waiting');
    const page = await stage().visit(`/executions/${id}`, { width: 390, height: 844 });
    await page.getByText('waits for a decision').first().waitFor();
    await page.getByRole('row', { name: /each completed/ }).click();
    await page.getByRole('complementary', { name: 'Node each' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });

  test('of 1,000 nodes only those in sight are in the page', async () => {
    const workflow = await stage().deploy(THOUSAND);
    const id = await stage().run(workflow);
    await stage().until(id, 'completed');
    const page = await stage().visit(`/executions/${id}`);
    await page.getByText('n0', { exact: true }).waitFor();
    expect(await page.locator('.react-flow__node').count()).toBeLessThan(200);
  });
});
