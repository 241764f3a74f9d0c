import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const FAILS = `
name: fails
nodes: [{ id: stop, type: fail, config: { message: 'No stock is left', code: no_stock } }]
`;
const WORKS = 'name: works\nnodes: [{ id: one, type: transform, config: { value: 1 } }]\n';
const ASKS = 'name: asks\nnodes: [{ id: ask, type: approval, config: { title: Wait? } }]\n';

onStage('the list of executions', (stage) => {
  test('shows several statuses at once, and is filtered by trigger and by error code, all in the address', async () => {
    const failed = await stage().run(await stage().deploy(FAILS));
    const worked = await stage().run(await stage().deploy(WORKS));
    const asked = await stage().run(await stage().deploy(ASKS));
    await stage().until(failed, 'failed');
    await stage().until(worked, 'completed');
    await stage().until(asked, 'waiting');
    const page = await stage().visit('/executions');
    const row = (name: string) => page.getByRole('row').filter({ hasText: name });
    await row('asks').waitFor();
    await page.getByRole('button', { name: 'Status: Any status' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'failed', exact: true }).click();
    await page.getByRole('menuitemcheckbox', { name: 'completed' }).click();
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await row('asks').waitFor({ state: 'detached' });
    await row('works').waitFor();
    await row('fails').waitFor();
    expect(new URL(page.url()).searchParams.get('status')).toBe('failed,completed');

    await page.getByLabel('Error code').fill('no_stock');
    await row('works').waitFor({ state: 'detached' });
    await row('fails').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Status: failed, completed' }).waitFor();
    await row('fails').waitFor();
    expect(await page.getByLabel('Error code').inputValue()).toBe('no_stock');
    await page.getByLabel('Trigger').fill('nightly');
    await page.getByText('Nothing fits these filters').waitFor();
    await page.getByLabel('Trigger').fill('api');
    await row('fails').waitFor();
    expect(await accessFaults(page)).toEqual([]);
  });
});
