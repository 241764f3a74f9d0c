import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const HOOKED = `name: hooked
triggers:
  - { id: manual, type: manual, input: { type: object, properties: { customer: { type: string } } } }
  - { id: hook, type: webhook, path: drafts-hook }
nodes: [{ id: one, type: transform, config: { value: 1 } }]
`;

onStage('what is typed in a dialog', (stage) => {
  const dialog = (page: Page) => page.getByRole('dialog');
  const label = (page: Page, name: string | RegExp) => dialog(page).getByLabel(name, { exact: true });
  const leave = {
    escape: (page: Page) => page.keyboard.press('Escape'),
    beside: (page: Page) => page.mouse.click(4, 400),
  };
  const left = async (page: Page, how: keyof typeof leave) => {
    await leave[how](page);
    await dialog(page).waitFor({ state: 'detached' });
  };

  test('of a connection is there again after Escape, but for its secrets', async () => {
    const page = await stage().visit('/settings?view=connections');
    const open = page.getByRole('button', { name: 'New connection' });
    await open.click();
    await label(page, 'Name').fill('shop-db');
    await label(page, 'Type').selectOption('postgres');
    await label(page, 'host').fill('db.example.com');
    await label(page, 'password').fill('hunter2-canary');
    await left(page, 'escape');
    await open.click();
    expect(await label(page, 'Name').inputValue()).toBe('shop-db');
    expect(await label(page, 'host').inputValue()).toBe('db.example.com');
    expect(await label(page, 'password').inputValue()).toBe('');
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('canary');
    expect(await accessFaults(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Start over' }).click();
    expect(await label(page, 'Name').inputValue()).toBe('');
  });

  test('of a key and of a budget is there again after a click beside, and gone once it is made', async () => {
    const page = await stage().visit('/settings?view=keys');
    const open = page.getByRole('button', { name: 'New key' });
    await open.click();
    await label(page, 'Name').fill('ci of the shop');
    await label(page, 'Role').selectOption('editor');
    await left(page, 'beside');
    await open.click();
    expect(await label(page, 'Role').inputValue()).toBe('editor');
    expect(await label(page, 'Name').inputValue()).toBe('ci of the shop');
    await dialog(page).getByRole('button', { name: 'Make it' }).click();
    await dialog(page).getByRole('button', { name: 'Copy' }).click();
    await left(page, 'escape');
    await open.click();
    expect(await label(page, 'Name').inputValue()).toBe('');

    await page.goto('/money');
    const set = page.getByRole('button', { name: 'Set a budget' });
    await set.click();
    await label(page, 'Of').selectOption('user');
    await label(page, 'Limit').fill('12.5');
    await left(page, 'beside');
    await set.click();
    expect(await label(page, 'Of').inputValue()).toBe('user');
    expect(await label(page, 'Limit').inputValue()).toBe('12.5');
  });

  test('of a run is there again, and what a webhook got is no beginning of a form', async () => {
    const id = await stage().deploy(HOOKED);
    await fetch(`${stage().program.url}/webhooks/drafts-hook`, { method: 'POST', body: '{"secret":"of-the-hook"}' });
    const page = await stage().visit(`/workflows/${id}`);
    await page.locator('a', { hasText: 'Run of v1' }).getByText('completed').waitFor();
    const run = page.getByRole('button', { name: 'Run', exact: true });
    await run.click();
    await label(page, /^customer/).fill('Ada');
    await left(page, 'beside');
    await run.click();
    expect(await label(page, /^customer/).inputValue()).toBe('Ada');
    const sent = page.waitForRequest((request) => request.url().endsWith('/execute'));
    await dialog(page).getByRole('button', { name: 'Run', exact: true }).click();
    expect((await sent).postDataJSON()).toEqual({ input: { customer: 'Ada' } });
    await dialog(page).waitFor({ state: 'detached' });
  });

  test('a workflow is paused together with its executions, and goes on with them', async () => {
    const waits = 'name: waits\nnodes: [{ id: nap, type: delay, config: { for: 1h } }]\n';
    const id = await stage().deploy(waits);
    const execution = await stage().run(id);
    await stage().until(execution, 'waiting');
    const paused = async () => {
      const { body } = await stage().program.call('GET', `/api/executions/${execution}`);
      return body.waitingFor.some(({ reason }: { reason: string }) => reason === 'paused');
    };
    const page = await stage().visit(`/workflows/${id}`);
    const choose = async (item: string) => {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await choose('Pause, and hold its executions');
    await page.getByText('what was running is held').waitFor();
    await expect.poll(paused).toBe(true);
    await choose('Activate, and let its executions go on');
    await page.getByText('what was held goes on').waitFor();
    await expect.poll(paused).toBe(false);
  });
});
