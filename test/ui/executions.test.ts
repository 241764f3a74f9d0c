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

  test('a page is chosen, then all that fit; they are retried and canceled as many as there are', async () => {
    const many = await stage().deploy(FAILS.replace('name: fails', 'name: crowd'));
    const asks = await stage().deploy(ASKS.replace('name: asks', 'name: crowd-asks'));
    const runs = await Promise.all(Array.from({ length: 60 }, () => stage().run(many)));
    for (const id of runs) await stage().until(id, 'failed');
    const waits = await Promise.all(Array.from({ length: 3 }, () => stage().run(asks)));
    for (const id of waits) await stage().until(id, 'waiting');

    const page = await stage().visit('/executions?workflow=crowd');
    await page.getByLabel('Choose all that are shown').check();
    const bar = page.getByRole('toolbar', { name: 'The chosen executions' });
    await bar.getByText('50 chosen').waitFor();
    await bar.getByRole('button', { name: 'Choose all 60 that fit' }).click();
    await bar.getByText('All 60 that fit are chosen').waitFor();
    expect(await bar.getByRole('button', { name: 'Cancel 0' }).isDisabled()).toBe(true);
    await bar.getByRole('button', { name: 'Retry 60' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    // One less, and it is those that are shown.
    await page.getByRole('row').nth(1).focus();
    await page.keyboard.press('x');
    await bar.getByText('49 chosen').waitFor();
    await page.keyboard.press('x');
    await bar.getByRole('button', { name: 'Choose all 60 that fit' }).click();
    await bar.getByRole('button', { name: 'Retry 60' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
    await page.getByText('60 of 60 go on').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    for (const id of runs) {
      const { body } = await stage().program.call('GET', `/api/executions/${id}/events?limit=100`);
      expect(body.items.filter(({ type }: { type: string }) => type === 'execution.retried')).toHaveLength(1);
    }

    await page.goto('/executions?workflow=crowd-asks&status=waiting');
    await page.getByLabel('Choose all that are shown').check();
    await page.getByRole('button', { name: 'Cancel 3' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel them' }).click();
    await page.getByText('3 of 3 canceled').waitFor();
    for (const id of waits) await stage().until(id, 'canceled');
  });

  test('an order that is cut off says what is done and left, outlives a reload, and goes on', async () => {
    const asks = await stage().deploy(ASKS.replace('name: asks', 'name: cut'));
    const waits = await Promise.all(Array.from({ length: 55 }, () => stage().run(asks)));
    for (const id of waits) await stage().until(id, 'waiting');
    const page = await stage().visit('/executions?workflow=cut&status=waiting');
    await page.route('**/api/executions/cancel', (route) => route.abort());
    await page.getByLabel('Choose all that are shown').check();
    await page.getByRole('button', { name: 'Choose all 55 that fit' }).click();
    await page.getByRole('button', { name: 'Cancel 55' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel them' }).click();
    const words = '55 are left. Going on is safe: nothing is done twice.';
    await page.getByText(words).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.unroute('**/api/executions/cancel');
    await page.reload();
    await page.getByText('Stopped: 55 executions').waitFor();
    await page.getByText(words).waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('55 of 55 canceled').waitFor();
    for (const id of waits) await stage().until(id, 'canceled');
  });

  test('several values are kept under a name, and come back from it', async () => {
    const page = await stage().visit('/executions?status=failed,canceled&code=no_stock&endedFrom=2026-01-01');
    expect(await page.getByLabel('By which days').inputValue()).toBe('ended');
    await page.getByRole('button', { name: 'Saved filters' }).click();
    await page.getByRole('menuitem', { name: 'Save these filters…' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('no stock');
    await page.keyboard.press('Enter');
    await page.goto('/executions');
    await page.getByRole('button', { name: 'Saved filters' }).click();
    await page.getByRole('menuitem', { name: 'no stock' }).click();
    await page.getByRole('button', { name: 'Status: failed, canceled' }).waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      status: 'failed,canceled',
      code: 'no_stock',
      endedFrom: '2026-01-01',
    });
    await page.getByRole('button', { name: 'no stock' }).waitFor();
  });
});
