import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const DOCUMENT = `name: pinned
triggers: [{ id: manual, type: manual }]
nodes:
  - { id: order, type: transform, config: { value: { total: 42 } } }
  - { id: which, type: if, config: { condition: '{{ $json.total > 40 }}' } }
  - { id: low, type: transform, config: { value: '{{ $node.order.total * 2 }}' } }
  - { id: each, type: map, config: { items: [3, 4], body: { nodes: [{ id: one, type: transform, config: { value: '{{ $item }}' } }, { id: two, type: transform, config: { value: '{{ $json + $node.order.total }}' } }], edges: [one -> two] } } }
edges: [order -> which, 'which:false -> low', order -> each]
`;
/** Its first node fails whenever it runs, so its output can only be typed. */
const NEVER = `name: never-ran
nodes:
  - { id: ask, type: transform, config: { value: '{{ $json.gone.gone }}' } }
  - { id: next, type: transform, config: { value: '{{ $json.n + 1 }}' } }
edges: [ask -> next]
`;

const LARGE = `name: large
nodes:
  - { id: make, type: code, config: { source: 'return "x".repeat(2500000);' } }
  - { id: count, type: code, config: { source: 'return $json.length;' } }
  - { id: between, type: transform, config: { value: '{{ $json }}' } }
  - { id: after, type: transform, config: { value: '{{ $json + 1 }}' } }
edges: [make -> count, count -> between, between -> after]
`;

onStage('pins and tests of a node', (stage) => {
  let workflow: string;
  beforeAll(async () => {
    workflow = await stage().deploy(DOCUMENT);
    await stage().until(await stage().run(workflow, { from: 'run' }), 'completed');
  });

  const lastRun = (page: Page) => page.getByRole('region', { name: 'Last run', exact: true });
  const field = (page: Page) => page.getByRole('textbox', { name: 'Pinned output as JSON' });
  const card = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
  const at = async (id: string, node: string) => {
    const page = await stage().visit(`/workflows/${id}?node=${encodeURIComponent(node)}`, { width: 1440 });
    await lastRun(page).waitFor();
    return page;
  };
  const testAlone = async (page: Page, node: string): Promise<{ nodes: { id: string; port: string }[] }> => {
    await lastRun(page).getByRole('button', { name: 'Test this node' }).click();
    const dialog = page.getByRole('dialog', { name: `Test ${node}` });
    const answer = page.waitForResponse((one) => one.url().endsWith('/test') && one.request().method() === 'POST');
    await dialog.getByRole('button', { name: 'Test', exact: true }).click();
    const { executionId } = await (await answer).json();
    await page.locator(`a[href="/executions/${executionId}"]`).waitFor();
    await stage().until(executionId, 'completed');
    return (await stage().program.call('GET', `/api/executions/${executionId}`)).body;
  };

  test('a pin is typed for a node that always fails, stays while it is no JSON yet, and tests take it', async () => {
    const id = await stage().deploy(NEVER);
    const page = await at(id, 'ask');
    await lastRun(page).getByRole('tab', { name: 'Pin' }).click();
    await field(page).click();
    await page.keyboard.insertText('{ "n": ');
    await lastRun(page)
      .getByRole('alert')
      .getByText(/no JSON yet.*nothing is pinned/)
      .waitFor();
    await page.reload();
    await lastRun(page).getByRole('tab', { name: 'Pin' }).click();
    await lastRun(page)
      .getByRole('alert')
      .getByText(/no JSON yet/)
      .waitFor();
    await field(page).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('6 }');
    await card(page, 'ask').getByText('pinned').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await card(page, 'next').click();
    await lastRun(page).getByText('It has not run yet').waitFor();
    const run = await testAlone(page, 'next');
    expect(run).toMatchObject({ output: 7, test: true });
    await lastRun(page).getByText('7', { exact: true }).waitFor();
    await card(page, 'ask').click();
    await lastRun(page).getByRole('button', { name: 'Unpin' }).click();
    await card(page, 'ask').getByText('pinned').waitFor({ state: 'detached' });
    expect(await field(page).textContent()).toBe('');
  });

  test('one click takes it from the last run, and it can be changed', async () => {
    const page = await at(workflow, 'order');
    await lastRun(page).getByRole('button', { name: 'Pin the last output' }).click();
    await card(page, 'order').getByText('pinned').waitFor();
    await field(page).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('{"total":5}');
    await page.reload();
    await card(page, 'order').getByText('pinned').waitFor();
    expect((await field(page).textContent())?.replaceAll(/\s/g, '')).toBe('{"total":5}');
  });

  test('a node is tested by itself, also where the last run took another way', async () => {
    const page = await at(workflow, 'low');
    const run = await testAlone(page, 'low');
    expect(run).toMatchObject({ output: 84 });
    // By its condition it would leave by the other.
    expect(run.nodes.map(({ id, port }) => `${id} ${port}`)).toEqual(['order out', 'which false', 'low out']);
  });

  test('in a container a node is pinned, and tested with the first item', async () => {
    const page = await at(workflow, 'each/one');
    await lastRun(page).getByRole('tab', { name: 'Pin' }).click();
    await field(page).click();
    await page.keyboard.insertText('100');
    await card(page, 'each/one').getByText('pinned').waitFor();
    await card(page, 'each/two').click();
    await lastRun(page).getByRole('button', { name: 'Test this node' }).click();
    await page
      .getByText('Before it: one (pinned); order (from the last run). A map around it takes its first')
      .waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await testAlone(page, 'each/two')).toMatchObject({ output: [142] });
  });

  test('of a large run the editor reads what is looked at, and what is large when it is asked to', async () => {
    const id = await stage().deploy(LARGE);
    await stage().until(await stage().run(id, { small: true }), 'completed');
    const page = await stage().visit(`/workflows/${id}`, { width: 1440 });
    const read: string[] = [];
    page.on('request', (request) => {
      const { pathname, search } = new URL(request.url());
      if (pathname.startsWith('/api/executions/')) read.push(pathname.replace(/^.*executions\/[^/]+/, '') + search);
    });
    await page.reload();
    await card(page, 'count').click();
    await page.getByText('The last run is large').waitFor();
    await lastRun(page).getByRole('button', { name: 'Read about 3 MB' }).waitFor();
    const values = () => read.filter((one) => one.startsWith('/node?'));
    expect(values()).toEqual([]);
    expect(read.filter((one) => one.startsWith('?')).every((one) => one === '?values=omit')).toBe(true);
    await lastRun(page).getByRole('button', { name: 'Read about 3 MB' }).click();
    await lastRun(page).getByText('2500000', { exact: true }).waitFor();
    expect(values()).toEqual(['/node?path=count']);
    await page.goto(`/workflows/${id}?node=after`);
    await page
      .getByRole('status')
      .filter({ hasText: /^= 2500001/ })
      .waitFor();
  });
});
