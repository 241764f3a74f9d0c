import { expect, test } from 'vitest';
import { onStage } from './browser.ts';

const CALLS = `name: caller
nodes:
  - { id: first, type: transform, config: { value: 1 } }
  - { id: call, type: workflow, config: { workflow: not-there } }
edges: [first -> call]
`;

onStage('saving', (stage) => {
  test('what the draft names and what is not there is told, and the executions of the workflow are found', async () => {
    const id = await stage().deploy(CALLS);
    const page = await stage().visit(`/workflows/${id}`);
    await page.getByRole('button', { name: 'One thing to look at' }).click();
    await page.getByRole('button', { name: /there is no workflow not-there/ }).waitFor();
    await stage().run(id);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Executions', exact: true }).click();
    await page.getByRole('row', { name: /caller/ }).waitFor();
    expect(await page.getByLabel('Workflow').inputValue()).toBe('caller');
  });

  test('over what somebody else saved meanwhile it still becomes the active version', async () => {
    const text = (value: number) =>
      `name: shared\nnodes: [{ id: one, type: transform, config: { value: ${value} } }]\n`;
    const { program } = stage();
    const yaml = { 'content-type': 'application/yaml' };
    const { body: first } = await program.call('POST', '/api/workflows', text(1), yaml);
    const page = await stage().visit(`/workflows/${first.id}?view=yaml`);
    await page.getByRole('textbox', { name: 'The workflow as YAML' }).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text(3));
    await page.getByText('unsaved', { exact: true }).waitFor();
    await program.call('PUT', `/api/workflows/${first.id}`, text(2), yaml);
    await page.getByRole('button', { name: 'Activate', exact: true }).click();
    await page.getByRole('button', { name: 'Save mine over theirs' }).click();
    await page.getByText('Saved as version 3').waitFor();
    const { body: now } = await program.call('GET', `/api/workflows/${first.id}`);
    expect(now).toMatchObject({ version: 3, status: 'active' });
  });

  test('the keys that save, held down or pressed again, save once, and nothing where nothing has changed', async () => {
    const id = await stage().deploy(`name: held\nnodes: [{ id: one, type: join }]\n`);
    const page = await stage().visit(`/workflows/${id}`);
    const puts: string[] = [];
    page.on('request', (request) => request.method() === 'PUT' && puts.push(request.url()));
    const saves = () => puts.length;
    await page.getByText('Nothing is wrong').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByText('Nothing has changed since version 1').waitFor();
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.keyboard.type('held-on');
    await page.keyboard.press('Enter');
    await page.getByText('unsaved', { exact: true }).waitFor();
    // Nothing is answered before the key has been let go.
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/api/workflows/**', async (route) => {
      await held;
      await route.continue();
    });
    await page.keyboard.down('Control');
    for (let n = 0; n < 5; n += 1) await page.keyboard.down('s');
    await page.keyboard.up('s');
    await page.keyboard.press('s');
    await page.keyboard.up('Control');
    answer();
    await page.getByText('Saved as version 2').waitFor();
    await page.getByText('unsaved', { exact: true }).waitFor({ state: 'detached' });
    expect(saves()).toBe(1);
    expect(await page.getByRole('dialog').count()).toBe(0);
    const { body } = await stage().program.call('GET', `/api/workflows/${id}/versions`);
    expect(body.items).toHaveLength(2);
  });

  test('a new workflow is made once, however often the keys are pressed', async () => {
    const page = await stage().visit('/workflows/new');
    await page.keyboard.press('a');
    await page.getByRole('dialog').getByPlaceholder('Search nodes').fill('join');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing is wrong').waitFor();
    let asked = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/api/workflows')) asked += 1;
    });
    for (let n = 0; n < 4; n += 1) await page.keyboard.press('Control+s');
    await page.getByText('Saved as version 1').waitFor();
    await page.waitForURL(/\/workflows\/[0-9a-f-]{20,}/);
    expect(asked).toBe(1);
    expect(await page.getByText(/already/).count()).toBe(0);
  });

  test('a new workflow keeps its pins and what was tested when it is saved, and leaves the next one none', async () => {
    const page = await stage().visit('/workflows/new?view=yaml');
    await page.getByRole('tab', { name: 'YAML' }).click();
    await page.getByRole('textbox', { name: 'The workflow as YAML' }).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('name: pinned-new\nnodes: [{ id: one, type: transform, config: { value: 7 } }]\n');
    await page.getByRole('tab', { name: 'Canvas' }).click();
    const one = page.locator('.react-flow__node[data-id="one"]');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByRole('dialog', { name: 'Test the draft' }).getByRole('button', { name: 'Test' }).click();
    const run = page.locator('a', { hasText: 'Test' });
    await run.getByText('completed').waitFor();
    await one.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Pin output of the last run' }).click();
    await one.getByText('pinned').waitFor();
    await page.keyboard.press('Control+s');
    await page.waitForURL(/\/workflows\/[0-9a-f-]{20,}/);
    await one.getByText('pinned').waitFor();
    await run.getByText('completed').waitFor();
    expect(await page.evaluate(() => localStorage.getItem('myelin.pins.new'))).toBeNull();
  });
});
