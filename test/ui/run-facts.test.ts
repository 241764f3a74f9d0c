/** What the page of an execution, the list and the page of money say of a run: its cost, that it was a test, what it did not come by. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const TRIAGE = readFileSync(fileURLToPath(new URL('../../examples/incident-triage.yaml', import.meta.url)), 'utf8');

const BOOKED = `
name: booked
nodes:
  - { id: book, type: transform, config: { value: 1 }, compensate: cancel }
  - { id: cancel, type: transform, config: { value: 0 } }
`;

const UNDONE = `
name: undone
nodes:
  - { id: book, type: transform, config: { value: 1 }, compensate: cancel }
  - { id: pay, type: code, config: { effect: idempotent, source: "throw new Error('card declined')" } }
  - id: cancel
    type: http
    config: { method: PUT, url: 'http://127.0.0.1:9/', body: {} }
    retry: { attempts: 9, delay: 10m, jitter: false }
edges: [book -> pay]
`;

onStage('what is said of an execution', (stage) => {
  test('what it cost is told on its page and in the list, and the page of money leads to it', async () => {
    const workflow = await stage().deploy(TRIAGE);
    const id = await stage().run(workflow, { body: { service: 'orders', log: 'out of memory' } });
    await stage().until(id, 'waiting');
    const page = await stage().visit(`/executions/${id}`);
    await page.getByTitle(/call(s)? of models: \d+ tokens in, \d+ out/).waitFor();
    // By then it had asked no model.
    await page.goto(`/executions/${id}?at=1`);
    await page.getByText('as it was').waitFor();
    expect(await page.getByTitle(/of models:/).count()).toBe(0);
    await page.goto('/executions');
    await page.getByRole('columnheader', { name: 'Cost' }).waitFor();
    await page.getByRole('row', { name: /incident-triage.*\$/ }).waitFor();
    await page.goto('/money?by=execution');
    await page.getByRole('link', { name: id }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('link', { name: id }).click();
    await page.getByText('waits for a decision').first().waitFor();
    await page.goto('/money');
    await page.getByRole('table', { name: 'Costs' }).getByRole('link', { name: 'incident-triage' }).waitFor();
  });

  test('a test of a draft that nobody saved is called so, and leads to no workflow', async () => {
    const definition = { name: 'not-saved', nodes: [{ id: 'a', type: 'transform' }] };
    const { body } = await stage().program.call('POST', '/api/workflows/test', { definition });
    await stage().until(body.executionId, 'completed');
    const page = await stage().visit(`/executions/${body.executionId}`);
    await page.getByRole('heading', { level: 1, name: 'Draft that was not saved' }).waitFor();
    await page.getByText('test', { exact: true }).waitFor();
    expect(await page.locator('main a[href^="/workflows/"]').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Run again' }).count()).toBe(0);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Copy its id' }).waitFor();
    expect(await page.getByRole('menuitem', { name: /Open in the editor|Run again/ }).count()).toBe(0);
    await page.goto('/executions');
    await page.getByRole('row', { name: /Draft that was not saved test/ }).waitFor();
  });

  test('while it is being undone it says why', async () => {
    const id = await stage().run(await stage().deploy(UNDONE));
    await stage().until(id, 'compensating');
    const page = await stage().visit(`/executions/${id}`);
    const error = page.getByRole('region', { name: 'Error' });
    await error.getByText('card declined').waitFor();
    await error.getByText('being undone').waitFor();
    await page.getByRole('region', { name: 'What it waits for' }).getByText('failed and is tried again').waitFor();
    await error.getByRole('button', { name: 'pay' }).click();
    await page.getByRole('complementary', { name: 'Node pay' }).getByText('Attempts').waitFor();
    expect(await page.getByText('card declined').count()).toBe(1);
    expect(await accessFaults(page)).toEqual([]);
  });

  test('what would have undone a node, and was not needed, was not reached', async () => {
    const workflow = await stage().deploy(BOOKED);
    const id = await stage().run(workflow);
    await stage().until(id, 'completed');
    const page = await stage().visit(`/executions/${id}?node=cancel`);
    await page.getByRole('complementary', { name: 'Node cancel' }).getByText('not reached').waitFor();
  });
});
