/** What the drawing of a document says, on the page of an execution and in the editor. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const LONG = `
name: long
nodes:
${['one', 'two', 'three', 'four', 'five'].map((id) => `  - { id: ${id}, type: join }`).join('\n')}
  - { id: last, type: http, config: { url: 'http://127.0.0.1:9/' }, retry: { attempts: 5, delay: 1h } }
edges: [one -> two, two -> three, three -> four, four -> five, five -> last]
`;

const node = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);

onStage('the graph', (stage) => {
  test('what undoes a node stands below it, joined by a line, and says so', async () => {
    const workflow = await stage().deploy(await readFile('examples/order-saga.yaml', 'utf8'));
    const id = await stage().run(workflow, { order: '7', amount: 3, fail_at: 'notify' });
    await stage().until(id, 'compensated');
    for (const path of [`/executions/${id}`, `/workflows/${workflow}`]) {
      const page = await stage().visit(path);
      await page.getByText('undoes charge · code').waitFor();
      expect(await page.locator('.react-flow__edge[data-id*="~>"]').count()).toBe(3);
      const [charge, refund] = [await node(page, 'charge').boundingBox(), await node(page, 'refund').boundingBox()];
      expect(refund?.x).toBeCloseTo(charge?.x ?? 0, 0);
      expect(refund?.y).toBeGreaterThan((charge?.y ?? 0) + (charge?.height ?? 0));
      expect(await accessFaults(page)).toEqual([]);
    }
  });

  test('a node that is chosen stays in sight beside its panel, and its card says first how it is', async () => {
    const workflow = await stage().deploy(LONG);
    const id = await stage().run(workflow);
    await stage().until(id, 'waiting');
    const page = await stage().visit(`/executions/${id}`);
    const card = node(page, 'last');
    await card.getByText('waiting · http').waitFor();
    await card.click();
    const panel = page.getByRole('complementary', { name: 'Node last' });
    await panel.waitFor();
    const isBeside = async () => {
      const [drawn, beside] = await Promise.all([card.boundingBox(), panel.boundingBox()]);
      return drawn !== null && beside !== null && drawn.x >= 0 && drawn.x + drawn.width <= beside.x;
    };
    await expect.poll(isBeside, { timeout: 30_000 }).toBe(true);
    expect(await accessFaults(page)).toEqual([]);
  });

  test('the id of an execution opens it, from its list and from the palette', async () => {
    const id = await stage().run(await stage().deploy('name: short\nnodes: [{ id: only, type: join }]\n'));
    const page = await stage().visit('/executions');
    await page.keyboard.press('/');
    await page.keyboard.insertText(id.slice(0, 20));
    await page.keyboard.press('Enter');
    await page.getByText('Paste the whole id, 36 characters.').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    const field = page.getByLabel('Id of an execution');
    await field.fill(` ${id}\n`);
    await page.waitForURL(`**/executions/${id}`);
    await page.getByRole('heading', { name: 'short' }).waitFor();
    const other = await stage().visit('/');
    await other.keyboard.press('Control+k');
    await other.getByPlaceholder('the id of an execution').fill(` ${id} `);
    await other.getByRole('option', { name: `Execution ${id}` }).click();
    await other.waitForURL(`**/executions/${id}`);
  });
});
