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
    await page.getByRole('menuitem', { name: 'Executions' }).click();
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
});
