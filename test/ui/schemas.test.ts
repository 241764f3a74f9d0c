import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const weighing = (type: string) => JSON.stringify({ required: ['weight'], properties: { weight: { type } } });

onStage('schemas', (stage) => {
  const text = (page: Page, name: string) => page.getByRole('textbox', { name });
  const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();
  const panelOf = (page: Page, type: string) => page.getByRole('complementary', { name: `Schema of ${type}` });

  test('the first one is written, and what was typed outlives a reload', async () => {
    const page = await stage().visit('/messages?view=schemas');
    await page.getByText('No type of messages has a schema yet').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Write one' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Type of the messages').fill('two words');
    await save(page);
    await dialog.getByText(/^takes letters/).waitFor();
    await dialog.getByLabel('Type of the messages').fill('parcel.sent');
    await text(page, 'JSON Schema of the data').fill('{ "required": ');
    await save(page);
    await dialog.getByRole('alert').getByText('The schema is no JSON').waitFor();
    expect(await accessFaults(page)).toEqual([]);

    await page.reload();
    await page.getByRole('button', { name: 'New schema' }).click();
    expect(await dialog.getByLabel('Type of the messages').inputValue()).toBe('parcel.sent');
    await text(page, 'JSON Schema of the data').getByText('"required"').waitFor();
    await text(page, 'JSON Schema of the data').fill('{ "type": "strin" }');
    await save(page);
    await dialog.getByRole('alert').getByText('schema.type').waitFor();
    await text(page, 'JSON Schema of the data').fill(weighing('number'));
    await dialog.getByLabel('A message that does not fit').selectOption('dead_letter');
    await save(page);
    await panelOf(page, 'parcel.sent').getByText('it becomes a dead letter').waitFor();
    await page.getByRole('table', { name: 'Schemas' }).getByText('parcel.sent').waitFor();
    await page.waitForURL(/schema=parcel\.sent/);
    const { body } = await stage().program.call('GET', '/api/event-schemas/parcel.sent');
    expect(body).toMatchObject({ version: 1, policy: 'dead_letter', schema: JSON.parse(weighing('number')) });
  });

  test('a version that breaks readers is refused in its place, until an upcast says how; the older one is read', async () => {
    const page = await stage().visit('/messages?view=schemas');
    await page.getByRole('table', { name: 'Schemas' }).getByText('parcel.sent').click();
    const panel = panelOf(page, 'parcel.sent');
    await panel.getByRole('button', { name: 'New version' }).click();
    const dialog = page.getByRole('dialog', { name: 'Version 2 of parcel.sent' });
    await text(page, 'JSON Schema of the data').fill(weighing('object'));
    await save(page);
    await dialog
      .getByRole('alert')
      .getByText(/properties\.weight: was number, is object/)
      .waitFor();
    expect(await text(page, 'JSON Schema of the data').locator('.cm-lintRange-error').allTextContents()).toEqual([
      '"weight"',
    ]);
    expect(await accessFaults(page)).toEqual([]);
    await text(page, 'Upcast (optional)').fill('{ "weight": { "value": "{{ $data.weight }}" } }');
    await save(page);
    await dialog.waitFor({ state: 'detached' });
    await text(page, 'Upcast of version 2').getByText('$data.weight').waitFor();
    expect(await accessFaults(page)).toEqual([]);

    await panel.getByRole('button', { name: 'Version 1' }).click();
    await page.waitForURL(/version=.*1/);
    await text(page, 'JSON Schema of version 1').getByText('"number"').waitFor();
    await panel.getByText('the newest version decides').waitFor();
    await page.reload();
    await text(page, 'JSON Schema of version 1').getByText('"number"').waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  });

  test('a message leads to its schema, which stays while the log holds the message; one that nobody needs is deleted', async () => {
    const { program } = stage();
    await program.call('PUT', '/api/event-schemas/stock.counted', { policy: 'allow', schema: true });
    await program.call('POST', '/api/events', { type: 'parcel.sent', data: { weight: {} } });
    const page = await stage().visit('/messages');
    await page.getByRole('table', { name: 'Messages' }).getByText('parcel.sent').click();
    await page.getByRole('link', { name: 'version 2' }).click();
    const remove = async (type: string) => {
      await panelOf(page, type).getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('button', { name: 'Delete it' }).click();
    };
    await remove('parcel.sent');
    await panelOf(page, 'parcel.sent').getByRole('alert').getByText('The log holds messages').waitFor();
    const list = page.getByRole('table', { name: 'Schemas' });
    await list.getByText('stock.counted').click();
    await remove('stock.counted');
    await panelOf(page, 'stock.counted').waitFor({ state: 'detached' });
    await list.getByText('stock.counted').waitFor({ state: 'detached' });
    expect((await program.call('GET', '/api/event-schemas/stock.counted')).status).toBe(404);
  });
});
