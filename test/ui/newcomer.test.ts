/** What somebody does on the first day: the steps at which work was lost, or something untrue was said. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const TWO = (name: string) => `name: ${name}
nodes:
  - { id: first, type: transform, config: { value: { n: 1 } } }
  - { id: last, type: transform, config: { value: { n: '{{ $node.first.n }}' } } }
edges: [first -> last]
`;
const CHECK = `name: braces
nodes: [{ id: check, type: if, config: { condition: '{{ $json.n > 1 }}' } }]
`;
const TEXT = (name: string, version: string) => `name: ${name}
nodes: [{ id: stop, type: fail, config: { message: '${version}' } }]
`;

const card = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true });
const yaml = (page: Page) => page.getByRole('textbox', { name: 'The workflow as YAML' });

onStage('the first day', (stage) => {
  test('a whole expression with its braces is typed as it stands on paper', async () => {
    const id = await stage().deploy(CHECK);
    const page = await stage().visit(`/workflows/${id}?node=check`);
    const field = page.getByRole('textbox', { name: 'condition', exact: true });
    for (const typed of ['{{ $json.n > 2 }}', '{{$json.n > 2}}']) {
      await field.click();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Delete');
      await page.keyboard.type(typed, { delay: 5 });
      expect((await field.textContent())?.replaceAll(' ', '')).toBe('{{$json.n>2}}');
    }
    await page.keyboard.type(' and more');
    await page.getByText('has text around {{ }}').first().waitFor();
  });

  test('while YAML cannot be read the canvas says so and takes no change; mended, everything is there', async () => {
    const id = await stage().deploy(TWO('broken'));
    const page = await stage().visit(`/workflows/${id}?view=yaml`);
    await yaml(page).click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.insertText('foo: [bar\n');
    await page.getByText('The YAML cannot be read yet', { exact: true }).waitFor();
    expect(await page.getByText('Nothing is wrong').count()).toBe(0);
    await tab(page, 'Canvas').click();
    const bar = page.getByRole('alert').filter({ hasText: 'The YAML cannot be read (Line' });
    await bar.waitFor();
    await card(page, 'last').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText('Nothing can be changed until the YAML can be read').waitFor();
    await card(page, 'last').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByText('so it is not saved').waitFor();
    expect(await page.getByText('page_failed').count()).toBe(0);
    expect(await accessFaults(page)).toEqual([]);
    await bar.getByRole('button', { name: 'Mend it' }).click();
    await page.locator('.cm-content:focus').waitFor();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Delete');
    await page.getByText('Nothing is wrong').waitFor();
    expect(await page.getByText('so it is not saved').count()).toBe(0);
    await tab(page, 'Canvas').click();
    await card(page, 'last').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await card(page, 'last').waitFor({ state: 'detached' });
  });

  test('what was typed and cannot be read can be dropped from the canvas', async () => {
    const id = await stage().deploy(TWO('dropped'));
    const page = await stage().visit(`/workflows/${id}?view=yaml`);
    await yaml(page).click();
    await page.keyboard.insertText('foo: [bar\n');
    await tab(page, 'Canvas').click();
    await page.getByRole('button', { name: 'Drop what was typed' }).click();
    await page.getByText('Nothing is wrong').waitFor();
    await tab(page, 'YAML').click();
    await yaml(page).getByText('dropped').waitFor();
    expect(await yaml(page).textContent()).not.toContain('foo');
  });

  test('that comments are not saved is said before and after', async () => {
    const id = await stage().deploy(TWO('noted'));
    const page = await stage().visit(`/workflows/${id}?view=yaml`);
    await yaml(page).click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.insertText('# why it is here\n');
    await page.getByText('a workflow is saved without them').waitFor();
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    await page.keyboard.insertText('description: more\n');
    await page.keyboard.press('Control+s');
    await page.getByText('Saved as version 2, without the comments of its YAML').waitFor();
    await yaml(page).getByText('# why it is here').waitFor();
  });

  test('who retries after mending is told which version goes on, and can run the new one', async () => {
    const workflow = await stage().deploy(TEXT('mended', 'one'));
    const id = await stage().run(workflow);
    await stage().until(id, 'failed');
    const page = await stage().visit(`/executions/${id}`);
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await page.getByRole('dialog').getByText('every result before that is kept').waitFor();
    expect(await page.getByText('This execution stays on').count()).toBe(0);
    await stage().program.call('PUT', `/api/workflows/${workflow}`, TEXT('mended', 'two'), {
      'content-type': 'application/yaml',
    });
    const letter = await stage().visit(`/dead-letters/${id}`);
    await letter.getByText('This execution stays on version 1; version 2 is the present one.').waitFor();
    expect(await accessFaults(letter)).toEqual([]);
    await page.reload();
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Run again on version 2' }).click();
    await page.waitForURL((url) => !url.pathname.includes(id));
    await page.getByRole('link', { name: 'v2' }).waitFor();
    // The way from an execution to its workflow.
    await page.getByRole('heading', { level: 1 }).getByRole('link', { name: 'mended' }).click();
    await card(page, 'stop').waitFor();
  });

  test('a sign-in that is over is renewed over the page, which keeps the draft', async () => {
    const id = await stage().deploy(TWO('kept'));
    const page = await stage().visit(`/workflows/${id}`);
    await card(page, 'last').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await card(page, 'last').waitFor({ state: 'detached' });
    await page.context().clearCookies();
    await page.keyboard.press('Control+s');
    const dialog = page.getByRole('dialog', { name: 'You are signed out' });
    await dialog.waitFor();
    expect(await page.getByText('Authorization: Bearer').count()).toBe(0);
    expect(await accessFaults(page)).toEqual([]);
    await dialog.getByLabel('API key').fill('myl_wrong');
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.locator('input[aria-invalid]').waitFor();
    await dialog.getByLabel('API key').fill(stage().program.apiKey);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    await card(page, 'first').waitFor();
    expect(await card(page, 'last').count()).toBe(0);
    await page.keyboard.press('Control+s');
    await page.getByText('Saved as version 2').waitFor();
  });

  test('a new webhook workflow: its path follows the name, respond makes it wait, a taken path is told at once', async () => {
    await stage().deploy(
      'name: holder\ntriggers: [{ id: hook, type: webhook, path: taken }]\nnodes: [{ id: a, type: join }]',
    );
    const page = await stage().visit('/workflows/new');
    await page.getByText('Drag a node here').waitFor();
    const types = page.getByLabel('Node types').getByRole('option');
    const put = (type: string, x: number, y: number) =>
      types
        .filter({ has: page.getByText(type, { exact: true }) })
        .first()
        .dragTo(page.locator('.react-flow'), { targetPosition: { x, y } });
    await put('webhook', 300, 120);
    await put('respond', 560, 240);
    await page.getByText('The webhook waits for the result now').waitFor();
    await page.getByRole('button', { name: 'Rename new-workflow' }).click();
    await page.getByLabel('Name of the workflow').pressSequentially('My Alert');
    await page.getByText('Names are in lower case').waitFor();
    await page.keyboard.press('Enter');
    await tab(page, 'YAML').click();
    await yaml(page).getByText('path: my-alert').waitFor();
    await yaml(page).getByText('respond: result').waitFor();
    await yaml(page).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(
      'name: my-alert\ntriggers: [{ id: hook, type: webhook, path: taken }]\nnodes: [{ id: a, type: respond }]',
    );
    await page.getByRole('button', { name: '2 things to look at' }).click();
    const drawer = page.getByRole('region', { name: 'Faults' });
    await drawer.getByText('the workflow holder holds POST taken').waitFor();
    await drawer.getByText('answers nobody').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByRole('alert').getByText('the workflow holder holds POST taken').first().waitFor();
  });
});
