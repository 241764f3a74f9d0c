import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const TWO = (name: string) => `name: ${name}
nodes:
  - { id: first, type: transform, config: { value: { n: 1 } } }
  - { id: last, type: transform, config: { value: { n: '{{ $node.first.n }}' } } }
edges: [first -> last]
`;

const WRITTEN = `import { workflow } from 'myelin';

// why it is here
const start = { n: 2 };

export default workflow('typed')
  .node('first', 'transform', { value: start })
  .node('last', 'transform', { value: { n: ($) => $.node.first.n } }) // what comes out
  .node('extra', 'join')
  .edge('first', 'last')
  .edge('last', 'extra')
  .build();
`;

const card = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const show = (page: Page, view: string) => page.getByRole('tab', { name: view, exact: true }).click();
const text = (page: Page, language: string) =>
  page.getByRole('textbox', { name: `The workflow as ${language}`, exact: true });

/** Instead of what stands there, as one paste: an editor would close brackets for who types. */
async function write(page: Page, what: string): Promise<void> {
  await text(page, 'TypeScript').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(what);
}

onStage('the TypeScript view', (stage) => {
  test('what is typed is on the canvas and in YAML, is saved, and keeps its comments', async () => {
    const id = await stage().deploy(TWO('typed'));
    const page = await stage().visit(`/workflows/${id}?view=typescript`);
    await text(page, 'TypeScript').getByText('.build();').waitFor();
    await write(page, WRITTEN);
    await page.getByText('Your comments and lines stay here').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await show(page, 'Canvas');
    await card(page, 'extra').waitFor();
    await show(page, 'YAML');
    await text(page, 'YAML').getByText('n: 2').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByText('Saved as version 2').waitFor();
    const { body } = await stage().program.call('GET', `/api/workflows/${id}`);
    expect(body.definition).toEqual({
      name: 'typed',
      nodes: [
        { id: 'first', type: 'transform', config: { value: { n: 2 } } },
        { id: 'last', type: 'transform', config: { value: { n: '{{ $node.first.n }}' } } },
        { id: 'extra', type: 'join' },
      ],
      edges: ['first -> last', 'last -> extra'],
    });

    await show(page, 'Canvas');
    await card(page, 'extra').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await card(page, 'extra').waitFor({ state: 'detached' });
    await show(page, 'TypeScript');
    await text(page, 'TypeScript').getByText('// what comes out').waitFor();
    expect(await text(page, 'TypeScript').textContent()).not.toContain('extra');
    await show(page, 'Canvas');
    await card(page, 'first').waitFor();
    await page.keyboard.press('Control+z');
    await card(page, 'extra').waitFor();
    await show(page, 'TypeScript');
    await text(page, 'TypeScript').getByText("'extra', 'join'").waitFor();
    await text(page, 'TypeScript').getByText('// why it is here').waitFor();
  });

  test('a fault is shown in its place, is not saved, and what was typed survives a reload', async () => {
    const id = await stage().deploy(TWO('faulty'));
    const page = await stage().visit(`/workflows/${id}?view=typescript`);
    page.on('dialog', (dialog) => void dialog.accept());
    await text(page, 'TypeScript').getByText('.build();').waitFor();
    await write(page, `${WRITTEN}\nfor (const one of start) {}\n`);
    const fault = page.getByRole('alert').filter({ hasText: 'Line 14, column 1: a loop cannot be read here' });
    await fault.waitFor();
    await page.locator('.cm-lintRange-error, .cm-lint-marker-error').first().waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('Control+s');
    await page.getByText('The TypeScript cannot be read yet, so it is not saved').waitFor();
    await show(page, 'Canvas');
    await card(page, 'last').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Restore' }).click();
    await show(page, 'TypeScript');
    await fault.waitFor();
    await text(page, 'TypeScript').getByText('// what comes out').waitFor();
    await write(page, WRITTEN.replace("'typed'", "'faulty'"));
    await fault.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+s');
    await page.getByText('Saved as version 2').waitFor();
  });
});
