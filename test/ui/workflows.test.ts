import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const document = (name: string, value = '1') => `name: ${name}
description: Tells what it was given
triggers:
  - { id: manual, type: manual, input: { type: object, required: [who], properties: { who: { type: string } } } }
nodes:
  - { id: tell, type: transform, config: { value: { n: ${value}, who: '{{ $trigger.who }}' } } }
`;

onStage('workflows', (stage) => {
  const call = async (path: string) => (await stage().program.call('GET', path)).body;
  const workflow = (id: string) => call(`/api/workflows/${id}`);
  const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(`Actions for ${name}$`) });
  /** Opens the menu of a row and takes what is called so. */
  async function choose(page: Page, name: string, action: string): Promise<void> {
    await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
    await page.getByRole('menuitem', { name: action, exact: true }).click();
  }
  const download = async (page: Page, begin: () => Promise<void>) => {
    const [file] = await Promise.all([page.waitForEvent('download'), begin()]);
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  };

  test('from its row one is paused, which says that it cannot be run, and activated again', async () => {
    const id = await stage().deploy(document('switched'));
    const page = await stage().visit('/workflows');
    await choose(page, 'switched', 'Pause');
    await row(page, 'switched').getByText('paused').waitFor();
    expect((await workflow(id)).status).toBe('paused');
    await page.getByRole('button', { name: 'Actions for switched' }).click();
    expect(await page.getByRole('menuitem', { name: 'Run…' }).getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('menuitem', { name: 'Activate', exact: true }).click();
    await row(page, 'switched').getByText('active').waitFor();
    expect((await workflow(id)).status).toBe('active');
    expect(new URL(page.url()).pathname).toBe('/workflows');
  });

  test('from its row one is run, with the form that its manual trigger asks for, by keyboard alone', async () => {
    await stage().deploy(document('told'));
    const page = await stage().visit('/workflows?name=told');
    await page.getByRole('button', { name: 'Actions for told' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Run…' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Run told' });
    await dialog.getByLabel(/^who/).fill('Ada');
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/executions/*');
    const execution = new URL(page.url()).pathname.split('/').at(-1) as string;
    await stage().until(execution, 'completed');
    expect((await call(`/api/executions/${execution}`)).output).toEqual({ n: 1, who: 'Ada' });
  });

  test('what is missing of an input is said at its fields, until they are filled in', async () => {
    await stage().deploy(document('asked'));
    const page = await stage().visit('/workflows?name=asked');
    await choose(page, 'asked', 'Run…');
    const dialog = page.getByRole('dialog', { name: 'Run asked' });
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await dialog.getByText('is missing', { exact: true }).waitFor();
    await dialog.getByText('Nothing was started: mend what is marked.').waitFor();
    expect(await dialog.getByText('invalid_request').count()).toBe(0);
    expect(await accessFaults(page)).toEqual([]);
    const field = dialog.getByLabel(/^who/);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await field.fill('Ada');
    await dialog.getByText('is missing', { exact: true }).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.waitForURL('**/executions/*');
  });

  test('an input that is refused is said in the dialog, and what was typed stays', async () => {
    await stage().deploy('name: plain\nnodes: [{ id: tell, type: transform, config: { value: 1 } }]\n');
    const page = await stage().visit('/workflows?name=plain');
    await choose(page, 'plain', 'Run…');
    const field = page.getByLabel('Input as JSON');
    await field.fill('{ "who": ');
    await page.getByRole('dialog').getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('This is no JSON yet').waitFor();
    expect(await field.inputValue()).toBe('{ "who": ');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // It comes a moment after the dialog has gone.
    const focused = () => page.evaluate('document.activeElement.getAttribute("aria-label")');
    await expect.poll(focused).toBe('Actions for plain');
    // The dialog is loaded now, and there before the menu has left.
    await choose(page, 'plain', 'Run…');
    await field.waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('Actions for plain');
  });

  test('from its row one goes to its executions and its versions', async () => {
    const id = await stage().deploy(document('seen'));
    await stage().until(await stage().run(id, { who: 'Bo' }), 'completed');
    const page = await stage().visit('/workflows');
    await choose(page, 'seen', 'Executions');
    await page.getByRole('heading', { level: 1, name: 'Executions' }).waitFor();
    expect(new URL(page.url()).searchParams.get('workflow')).toBe('seen');
    await page.getByRole('row', { name: /seen/ }).waitFor();
    await page.goBack();
    await choose(page, 'seen', 'Versions');
    await page.getByRole('heading', { level: 1, name: 'Versions of seen' }).waitFor();
  });

  test('a copy is a draft with a name of its own, and a second one too', async () => {
    await stage().deploy(document('first-one'));
    const page = await stage().visit('/workflows');
    await choose(page, 'first-one', 'Duplicate');
    await page.getByText('first-one-copy is a draft').waitFor();
    await row(page, 'first-one-copy').getByText('draft').waitFor();
    await choose(page, 'first-one', 'Duplicate');
    await page.getByText('first-one-copy-2 is a draft').waitFor();
    await page.getByRole('button', { name: 'Open' }).last().click();
    await page.getByRole('heading', { level: 1, name: 'first-one-copy-2' }).waitFor();
  });

  test('what was exported as YAML is imported under another name, and again as a new version', async () => {
    await stage().deploy(document('travels'));
    const page = await stage().visit('/workflows');
    const file = await download(page, () => choose(page, 'travels', 'Export as YAML'));
    expect(file.name).toBe('travels.yaml');
    await page.getByRole('button', { name: 'Import a file' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import workflows' });
    const give = (name: string, text: string) =>
      dialog
        .locator('input[type=file]')
        .setInputFiles({ name, mimeType: 'application/yaml', buffer: Buffer.from(text) });
    await give('arrived.yaml', file.text.replace('travels', 'arrived'));
    await dialog.getByRole('link', { name: 'arrived, version 1' }).waitFor();
    await give('broken.yaml', 'name: broken\nnodes: [{ id: one, type: transfrom }]\n');
    await dialog
      .getByText(/transfrom/)
      .first()
      .waitFor();
    await give('travels.yaml', file.text.replace('n: 1', 'n: 2'));
    await dialog.getByRole('button', { name: 'Save it as a new version of travels' }).click();
    await dialog.getByRole('link', { name: 'travels, version 2' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await row(page, 'arrived').getByText('draft').waitFor();
    const arrived = await workflow('arrived');
    expect(arrived.definition).toMatchObject({ description: 'Tells what it was given', nodes: [{ id: 'tell' }] });
    expect((await workflow('travels')).definition.nodes[0].config.value.n).toBe(2);
    expect((await call('/api/workflows?limit=200')).items.map(({ name }: { name: string }) => name)).not.toContain(
      'broken',
    );
  });

  test('one whose execution goes on is not deleted, and that is said; then it is', async () => {
    const id = await stage().deploy('name: gone\nnodes: [{ id: ask, type: approval, config: { title: Wait? } }]\n');
    const execution = await stage().run(id);
    await stage().until(execution, 'waiting');
    const page = await stage().visit('/workflows');
    await choose(page, 'gone', 'Delete…');
    const dialog = page.getByRole('dialog', { name: 'Delete gone?' });
    await dialog.getByRole('button', { name: 'Delete gone' }).click();
    await dialog.getByRole('link', { name: 'Show its executions' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    expect((await workflow(id)).name).toBe('gone');
    await stage().program.call('POST', `/api/executions/${execution}/cancel`, {});
    await stage().until(execution, 'canceled');
    await dialog.getByRole('button', { name: 'Delete gone' }).click();
    await page.getByText('gone is deleted').waitFor();
    await row(page, 'gone').waitFor({ state: 'detached' });
    expect((await workflow(id)).code).toBe('workflow_not_found');
  });

  test('an earlier version comes back as the newest; if somebody saved meanwhile it is refused in place', async () => {
    const id = await stage().deploy(document('turned'));
    const save = (value: string) =>
      stage().program.call('PUT', `/api/workflows/${id}`, document('turned', value), {
        'content-type': 'application/yaml',
      });
    await save('2');
    const page = await stage().visit(`/workflows/${id}/versions`);
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('menuitem', { name: 'To version 1…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Roll back to version 1?' });
    expect(await accessFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await page.getByText('Version 3 is the document of version 1').waitFor();
    const rolled = await workflow(id);
    expect([rolled.version, rolled.definition.nodes[0].config.value.n]).toEqual([3, 1]);
    await page.getByLabel('Version 3 as the one after').waitFor();

    // The other one is so quick that the page has not heard of it.
    await page.route('**/rollback', async (route) => {
      await save('4');
      await route.continue();
    });
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('menuitem', { name: 'To version 2…' }).click();
    const second = page.getByRole('dialog', { name: 'Roll back to version 2?' });
    await second.getByRole('button', { name: 'Roll back' }).click();
    await second.getByText(/version 4/).waitFor();
    const kept = await workflow(id);
    expect([kept.version, kept.definition.nodes[0].config.value.n]).toEqual([4, 4]);
  });

  test('in the editor one is activated, paused, and activated again; what is unsaved is saved with it', async () => {
    const id = await stage().deploy(document('live-one'));
    await stage().program.call('POST', `/api/workflows/${id}/pause`, {});
    const page = await stage().visit(`/workflows/${id}`);
    const header = page.locator('main header').first();
    await header.getByText('paused').waitFor();
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Activate' }).click();
    await header.getByText('active').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await header.getByText('paused').waitFor();
    expect((await workflow(id)).status).toBe('paused');
    const tell = page.locator('.react-flow__node[data-id="tell"]');
    await tell.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.getByText('unsaved', { exact: true }).waitFor();
    // What the server refuses is not activated either.
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByText('nodes[1] unreachable').waitFor();
    expect((await workflow(id)).status).toBe('paused');
    await page.getByRole('button', { name: 'Keep editing' }).click();
    await page.keyboard.press('Control+z');
    await tell.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Add behind it' }).click();
    await page.getByRole('dialog').getByPlaceholder('Search nodes').fill('transform');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByText('Saved as version 2').waitFor();
    await header.getByText('active').waitFor();
    expect(await workflow(id)).toMatchObject({ status: 'active', version: 2 });
  });

  test('a template becomes a workflow that runs; taken twice it has another name', async () => {
    const page = await stage().visit('/templates');
    await page.getByRole('link', { name: /^incident-triage/ }).click();
    await page.getByRole('button', { name: 'Use this' }).click();
    await page.waitForURL('**/workflows/*');
    await page.getByRole('heading', { level: 1, name: 'incident-triage' }).waitFor();
    await page.getByText('Nothing is wrong').waitFor();
    await page.goto('/templates?name=incident-triage');
    await page.getByRole('button', { name: 'Use this' }).click();
    await page.getByRole('heading', { level: 1, name: 'incident-triage-2' }).waitFor();
    expect((await workflow('incident-triage-2')).status).toBe('draft');
    const log = { body: { service: 'orders', log: 'out of memory' } };
    await stage().until(await stage().run('incident-triage-2', log), 'waiting');
    expect(await accessFaults(page)).toEqual([]);
  });
});
