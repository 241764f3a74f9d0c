import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const TWO = (name: string) => `name: ${name}
nodes:
  - { id: first, type: transform, config: { value: { n: 1 } } }
  - { id: last, type: transform, config: { value: { n: '{{ $node.first.n }}' } } }
edges: [first -> last]
`;

const card = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);

const middle = async (page: Page, selector: string): Promise<[number, number]> => {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} is not in sight`);
  return [box.x + box.width / 2, box.y + box.height / 2];
};

/** Instead of what stands there, as one paste: an editor would close brackets for who types. */
async function write(page: Page, label: string, text: string): Promise<void> {
  await page.getByRole('textbox', { name: label, exact: true }).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

onStage('the editor', (stage) => {
  test('a workflow is dragged together, joined, set, saved and run to its end', async () => {
    const page = await stage().visit('/workflows/new');
    await page.getByText('Drag a node here').waitFor();
    const types = page.getByLabel('Node types').getByRole('option');
    const canvas = page.locator('.react-flow');
    for (const [type, x, y] of [
      ['transform', 300, 120],
      ['if', 620, 220],
      ['code', 300, 420],
    ] as const) {
      await types
        .filter({ has: page.getByText(type, { exact: true }) })
        .first()
        .dragTo(canvas, { targetPosition: { x, y } });
    }
    await card(page, 'check').waitFor();
    for (const [from, to] of [
      ['transform', 'check'],
      ['code', 'check'],
    ] as const) {
      await page.mouse.move(...(await middle(page, `[data-id="${from}"] .react-flow__handle.source`)));
      await page.mouse.down();
      await page.mouse.move(...(await middle(page, `[data-id="${to}"] .react-flow__handle.target`)), { steps: 8 });
      await page.mouse.up();
    }
    await card(page, 'check').click();
    await write(page, 'condition', '{{ 1 == 1 }}');
    await page.keyboard.press('Escape');
    // The panel has moved the view: what is beside it may be out of sight.
    await page.locator('.react-flow__controls-fitview').click();
    await card(page, 'code').click();
    await write(page, 'source', 'return 1;');
    await page.getByText('Nothing is wrong').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByText('Saved as version 1').waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Run' }).click();
    await page.getByText('Run of v1').waitFor();
    await page.locator('a', { hasText: 'Run of v1' }).getByText('completed').waitFor();
    expect(await accessFaults(page)).toEqual([]);
  });

  test('by keyboard alone: two nodes, parted, joined again by a chosen port, saved', async () => {
    const page = await stage().visit('/workflows/new');
    await page.getByText('Drag a node here').waitFor();
    for (const [type, id] of [
      ['if', 'check'],
      ['transform', 'transform'],
    ] as const) {
      await page.keyboard.press('a');
      await page.getByRole('dialog').getByPlaceholder('Search nodes').waitFor();
      await page.keyboard.type(type);
      await page.getByRole('dialog').getByRole('option', { selected: true }).getByText(type, { exact: true }).waitFor();
      await page.keyboard.press('Enter');
      await card(page, id).waitFor();
    }
    const edge = (port: string) => page.locator(`.react-flow__edge[data-id="check:${port}->transform"]`);
    await edge('true').waitFor({ state: 'attached' });
    while (!(await card(page, 'check').evaluate((node) => node.matches(':focus'))))
      await page.keyboard.press('Shift+Tab');

    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'Connect check' });
    await dialog.getByPlaceholder('Connect false of check to').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    const remove = dialog.getByRole('button', { name: 'Remove the edge check:true → transform' });
    while (!(await remove.evaluate((node) => node.matches(':focus')))) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await edge('true').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.react-flow__node[data-id="check"]:focus').waitFor();

    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Connect' }).focus();
    await page.keyboard.press('Enter');
    await dialog.locator('input:focus').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowRight');
    await dialog.locator('[role=tab][data-state=active]:focus', { hasText: 'false' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('tran');
    await dialog.getByRole('option', { name: /transform/ }).waitFor();
    await page.keyboard.press('Enter');
    await edge('false').waitFor({ state: 'attached' });

    await page.locator('.react-flow__node[data-id="check"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'condition', exact: true }).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('{{ 1 == 2 }}');
    await page.getByText('Nothing is wrong').waitFor();
    await page.getByRole('button', { name: 'Rename new-workflow' }).press('Enter');
    await page.keyboard.type('by-keyboard');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'by-keyboard' }).waitFor();
    await page.keyboard.press('Control+s');
    await page.getByText('Saved as version 1').waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1) as string;
    const { body } = await stage().program.call('GET', `/api/workflows/${id}`);
    expect(body.definition.edges).toEqual(['check:false -> transform']);
    await stage().program.call('DELETE', `/api/workflows/${id}`);
  });

  test('what was never saved is tested without being saved', async () => {
    const page = await stage().visit('/workflows/new');
    await page.getByRole('tab', { name: 'YAML' }).click();
    await write(page, 'The workflow as YAML', TWO('never-saved'));
    await page.getByRole('tab', { name: 'Canvas' }).click();
    await card(page, 'last').waitFor();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByRole('dialog', { name: 'Test the draft' }).getByRole('button', { name: 'Test' }).click();
    const run = page.locator('a', { hasText: 'Test' });
    await run.getByText('completed').waitFor();
    expect(new URL(page.url()).pathname).toBe('/workflows/new');
    expect((await stage().program.call('GET', '/api/workflows/never-saved')).status).toBe(404);
    page.on('dialog', (dialog) => void dialog.accept());
    await run.click();
    await page.waitForURL('**/executions/*');
    await card(page, 'last').waitFor();
    expect(await accessFaults(page)).toEqual([]);
  });

  test('what was not saved is offered after a reload, also a YAML that cannot be read', async () => {
    const id = await stage().deploy(TWO('kept'));
    const page = await stage().visit(`/workflows/${id}`);
    page.on('dialog', (dialog) => void dialog.accept());
    await card(page, 'last').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await card(page, 'last').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await card(page, 'last').waitFor();
    await page.keyboard.press('Control+Shift+Z');
    await card(page, 'last').waitFor({ state: 'detached' });
    await page.getByText('unsaved', { exact: true }).waitFor();
    await page.reload();
    await card(page, 'last').waitFor();
    await page.getByRole('button', { name: 'Restore' }).click();
    await card(page, 'last').waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'YAML' }).click();
    await page.getByLabel('The workflow as YAML').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\nodd: "');
    await page
      .getByRole('alert')
      .filter({ hasText: /^Line \d+/ })
      .waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('tab', { name: 'Canvas' }).click();
    await page.getByRole('tab', { name: 'YAML' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: /^Line \d+/ })
      .waitFor();
  });

  test('who saves over somebody else sees both, and chooses', async () => {
    const id = await stage().deploy(TWO('shared'));
    const page = await stage().visit(`/workflows/${id}`);
    await card(page, 'first').click();
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByLabel(/^description/i).fill('mine');
    const theirs = await stage().program.call('PUT', `/api/workflows/${id}`, `description: theirs\n${TWO('shared')}`, {
      'content-type': 'application/yaml',
    });
    expect(theirs.status).toBe(200);
    await page.keyboard.press('Control+s');
    const dialog = page.getByRole('dialog', { name: 'Version 2 was saved meanwhile' });
    await dialog.getByText('description: theirs').waitFor();
    await dialog.getByText('description: mine').waitFor();
    await dialog.getByRole('button', { name: 'Save mine over theirs' }).click();
    await page.getByText('Saved as version 3').waitFor();
  });
});
