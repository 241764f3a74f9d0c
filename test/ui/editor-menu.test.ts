import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const document = (name: string) => `name: ${name}
triggers:
  - { id: nightly, type: schedule, cron: 0 8 * * 1-5, timezone: Europe/Berlin }
  - { id: heard, type: event, event: order.* }
  - { id: hook, type: webhook, path: ${name}, method: PUT }
nodes:
  - { id: order, type: transform, config: { value: { total: 42, customer: { name: Ada } } } }
  - { id: check, type: if, config: { condition: '{{ $json.total > 40 }}' } }
  - { id: send, type: http, config: { url: 'https://api.example.com/orders', timeout: 5s } }
edges: [order -> check, 'check:true -> send']
`;

const card = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const box = async (page: Page, id: string) => {
  const found = await card(page, id).boundingBox();
  if (found === null) throw new Error(`${id} is not in sight`);
  return found;
};
const choose = async (page: Page, item: string) => {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
};
/** On a machine that is busy. */
const SOON = { timeout: 20_000 };
const until = (what: () => Promise<boolean>) => expect.poll(what, SOON).toBe(true);

onStage('around the canvas', (stage) => {
  const stored = async (id: string) => (await stage().program.call('GET', `/api/workflows/${id}`)).body;

  test('a trigger says what it waits for, on the canvas as in the list', async () => {
    const id = await stage().deploy(document('lines'));
    const page = await stage().visit(`/workflows/${id}`);
    await card(page, 'trigger:nightly').getByText('0 8 * * 1-5 Europe/Berlin').waitFor();
    await card(page, 'trigger:heard').getByText('order.*').waitFor();
    await card(page, 'trigger:hook').getByText('PUT /lines').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.goto('/triggers');
    await page.getByRole('row', { name: /lines nightly 0 8 \* \* 1-5 Europe\/Berlin/ }).waitFor();
    await page.getByRole('row', { name: /lines hook PUT \/webhooks\/lines/ }).waitFor();
  });

  test('a trigger stands where it was dropped, and goes where it is dragged; laid out anew it is beside the others', async () => {
    const id = await stage().deploy(document('dropped'));
    const page = await stage().visit(`/workflows/${id}`);
    await card(page, 'send').waitFor();
    const canvas = page.locator('.react-flow');
    const pane = await canvas.boundingBox();
    await page
      .getByLabel('Node types')
      .getByRole('option')
      .filter({ has: page.getByText('manual', { exact: true }) })
      .dragTo(canvas, { targetPosition: { x: 500, y: 560 } });
    await card(page, 'trigger:manual').waitFor();
    await page.keyboard.press('Escape');
    const dropped = await box(page, 'trigger:manual');
    expect(Math.abs(dropped.x + dropped.width / 2 - (pane?.x ?? 0) - 500)).toBeLessThan(12);
    expect(Math.abs(dropped.y + dropped.height / 2 - (pane?.y ?? 0) - 560)).toBeLessThan(12);

    const [x, y] = [dropped.x + 40, dropped.y + 12];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 120, y - 60, { steps: 40 });
    await page.mouse.up();
    // It follows once the mouse has gone some way.
    await until(async () => Math.abs((await box(page, 'trigger:manual')).x - dropped.x - 110) < 20);
    await page.getByText('Nothing is wrong').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByText('Saved as version 2').waitFor();
    const { definition } = await stored(id);
    expect(definition.triggers).toHaveLength(4);
    expect(definition.triggers[3]).toMatchObject({ id: 'manual', type: 'manual' });
    expect(Object.keys(definition.triggers[3].position)).toEqual(['x', 'y']);
    await page.reload();
    await card(page, 'trigger:manual').waitFor();

    await choose(page, 'Lay out anew');
    const first = await box(page, 'trigger:nightly');
    await until(async () => (await box(page, 'trigger:manual')).x === first.x);
  });

  test('a node shows first what its type says, and a field that is written in keeps the cursor', async () => {
    const id = await stage().deploy(document('fields'));
    const page = await stage().visit(`/workflows/${id}?node=send`);
    const panel = page.getByRole('complementary', { name: 'Details' });
    const field = (name: string) => panel.getByRole('textbox', { name, exact: true });
    await field('url').waitFor();
    for (const name of ['method', 'connection', 'headers', 'query', 'auth']) {
      await panel.getByText(name, { exact: true }).waitFor();
    }
    await field('body').waitFor();
    // What is set is shown too, and the rest waits.
    await field('timeout').waitFor();
    const largest = panel.getByLabel('maxBytes', { exact: true });
    expect(await largest.count()).toBe(0);
    await panel.getByRole('button', { name: /More options/ }).click();
    await largest.click();
    await page.keyboard.type('2048');
    expect(await largest.inputValue()).toBe('2048');
    expect(await accessFaults(page)).toEqual([]);
  });

  test('the data of a node covers neither the node nor the canvas', async () => {
    const id = await stage().deploy(document('data'));
    await stage().until(await stage().run(id), 'failed');
    for (const [width, theme] of [
      [1280, 'light'],
      [1600, 'dark'],
    ] as const) {
      const page = await stage().visit(`/workflows/${id}?node=check`, { width, theme });
      const data = page.getByRole('region', { name: 'Data of the last run' });
      await data.getByText('customer').first().waitFor();
      const canvas = await page.locator('.react-flow').boundingBox();
      const beside = await data.boundingBox();
      if (canvas === null || beside === null) throw new Error('The canvas or the data are not in sight');
      expect(beside.x).toBeGreaterThanOrEqual(canvas.x + canvas.width);
      expect(canvas.width).toBeGreaterThan(600);
      await until(async () => {
        const node = await box(page, 'check');
        return node.x >= canvas.x && node.x + node.width <= canvas.x + canvas.width;
      });
      expect(await accessFaults(page)).toEqual([]);
    }
  });

  test('from its menu a workflow is exported as it stands, copied, and deleted after a question', async () => {
    const id = await stage().deploy(document('whole'));
    const page = await stage().visit(`/workflows/${id}`);
    await card(page, 'send').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.getByText('unsaved', { exact: true }).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), choose(page, 'Export as YAML')]);
    expect(file.suggestedFilename()).toBe('whole.yaml');
    expect(readFileSync(await file.path(), 'utf8')).toContain('id: send_2');
    await page.keyboard.press('Control+z');
    await choose(page, 'Duplicate');
    await page.getByText('whole-copy is a draft').waitFor();
    expect((await stored('whole-copy')).definition.nodes).toHaveLength(3);
    await choose(page, 'Delete…');
    const dialog = page.getByRole('dialog', { name: 'Delete whole?' });
    expect(await accessFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await stored(id)).name).toBe('whole');
    await choose(page, 'Delete…');
    await dialog.getByRole('button', { name: 'Delete whole' }).click();
    await page.getByText('whole is deleted').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Workflows' }).waitFor();
    expect((await stored(id)).code).toBe('workflow_not_found');
  });

  test('? lists the keys; while one types it is a letter', async () => {
    const id = await stage().deploy(document('keys'));
    const page = await stage().visit(`/workflows/${id}?node=check`);
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await page.getByRole('textbox', { name: 'condition', exact: true }).click();
    await page.keyboard.type('?');
    expect(await dialog.count()).toBe(0);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Escape');
    await card(page, 'check').focus();
    await page.keyboard.press('?');
    for (const does of ['Add a node', 'Save', 'Copy what is chosen', 'Executions']) {
      await dialog.getByText(does, { exact: true }).waitFor();
    }
    expect(await accessFaults(page)).toEqual([]);
    // A key of the list does what it says once the list is closed, and nothing before.
    await page.keyboard.press('a');
    expect(await page.getByRole('dialog').getByPlaceholder('Search nodes').count()).toBe(0);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('a');
    await page.getByRole('dialog').getByPlaceholder('Search nodes').waitFor();
    await page.keyboard.press('Escape');
    await choose(page, 'Keyboard shortcuts');
    await dialog.waitFor();
  });

  test('a version says who saved it, also through a browser', async () => {
    const id = await stage().deploy(document('saved'));
    const page = await stage().visit(`/workflows/${id}`);
    const { body } = await stage().program.call('GET', `/api/workflows/${id}/versions`);
    const { savedBy } = body.items[0];
    expect(savedBy).toMatch(/\w/);
    await card(page, 'check').click();
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByLabel(/^description/i).fill('looks at the total');
    await page.keyboard.press('Control+s');
    await page.getByText('Saved as version 2').waitFor();
    await page.goto(`/workflows/${id}/versions`);
    await expect.poll(() => page.getByTitle(`Saved by ${savedBy}`).count(), SOON).toBe(2);
    expect(await accessFaults(page)).toEqual([]);
  });
});
