import { beforeAll, expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const INVOICES = `
name: invoices
nodes:
  - { id: check, type: if, config: { condition: '{{ $trigger.total > 0 }}' } }
  - { id: sent, type: transform, config: { value: { sent: true } } }
  - { id: refuse, type: fail, config: { message: 'The total of {{ $trigger.number }} is 0', code: validation } }
edges: ['check:true -> sent', 'check:false -> refuse']
`;
const RUNS = 12;

onStage('dead letters', (stage) => {
  let invoices: string;
  beforeAll(async () => {
    invoices = await stage().deploy(INVOICES);
    const runs = Array.from({ length: RUNS }, (_, number) => stage().run(invoices, { number, total: 0 }));
    for (const id of await Promise.all(runs)) await stage().until(id, 'failed');
  });

  test('a whole cause is tried again, and one sees how much of it failed again', async () => {
    const page = await stage().visit('/dead-letters');
    const causes = page.getByRole('list', { name: 'Causes' });
    await causes.getByText('The total of').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: /^Requeue 12 dead letters of invoices/ }).click();
    await page.keyboard.press('Enter');
    await page.getByText('12 of 12 tried again').waitFor();
    await page.getByText('12 failed again').waitFor();
    expect(await accessFaults(page)).toEqual([]);
  });

  test('one, with its payload mended, starts anew; what was typed outlives a reload', async () => {
    const page = await stage().visit('/dead-letters?view=list');
    await page.getByRole('row').nth(1).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /The total of \d+ is 0/ }).waitFor();
    await page.getByText('Failures and retries').click();
    await page.getByText('Tried again requeued by a person').waitFor();
    await page.getByRole('button', { name: 'Edit and requeue' }).click();
    const editor = page.getByLabel('Payload as JSON');
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('{ "number": 7, "total": 5 ');
    await page.getByText('This is no JSON yet').waitFor();
    expect(await page.getByRole('button', { name: 'Requeue with this' }).isDisabled()).toBe(true);
    await page.reload();
    await editor.getByText('"total": 5').waitFor();
    await editor.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('}');
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Requeue with this' }).click();
    const link = page.getByRole('link', { name: /^execution / });
    await stage().until(String(await link.textContent()).replace('execution ', ''), 'completed');
  });

  test('several are chosen by keyboard and archived with a note', async () => {
    const page = await stage().visit('/dead-letters?view=list', { theme: 'dark' });
    await page.getByRole('row').nth(1).focus();
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 chosen').waitFor();
    await page.getByRole('button', { name: 'Archive', exact: true }).click();
    await page.getByLabel('Note (optional)').fill('mended at the source');
    await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
    await page.getByText('2 of 2 archived').waitFor();
    const { body } = await stage().program.call('GET', '/api/dead-letters?status=ARCHIVED');
    expect(body.items.map(({ notes }: { notes: string }) => notes)).toEqual(Array(2).fill('mended at the source'));
    expect(await accessFaults(page)).toEqual([]);
  });

  test('a rule says what it does, refuses what is no duration, and is saved', async () => {
    const page = await stage().visit('/dead-letters?view=rules');
    const form = page.getByRole('form', { name: 'Validation' });
    await form.getByText('It waits for a person.').waitFor();
    await form.getByLabel('Try again by itself').check();
    await form.getByLabel('First try after').fill('soon');
    await form.getByText('Write it like').waitFor();
    await form.getByLabel('First try after').fill('2h');
    await form.getByText('Tried again 2h, 4h and 8h after each failure').waitFor();
    await page.keyboard.press('Enter');
    await form.getByText('set by this project').waitFor();
    const { body } = await stage().program.call('GET', '/api/dead-letters/rules');
    expect(body.items).toContainEqual({ category: 'validation', enabled: true, delay: '2h', limit: 3, own: true });
  });
});
