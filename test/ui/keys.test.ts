import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

onStage('keys', (stage) => {
  const api = (method: string, path: string, body?: unknown) => stage().program.call(method, path, body);
  const made = async (body: object): Promise<{ id: string; secret: string }> => {
    const answer = await api('POST', '/api/keys', body);
    expect(answer.status).toBe(201);
    return { id: answer.body.key.id, secret: answer.body.secret };
  };
  const statusOf = async (secret: string): Promise<number> => {
    const headers = { authorization: `Bearer ${secret}` };
    return (await fetch(`${stage().program.url}/api/workflows`, { headers })).status;
  };
  /** The keys, in a browser that this one signed in. */
  const signedIn = async (key: string): Promise<Page> => {
    const page = await stage().stranger();
    const headers = { origin: stage().program.url };
    expect((await page.request.post('/api/sign-in', { data: { key }, headers })).ok()).toBe(true);
    await page.goto('/settings?view=keys');
    return page;
  };
  const row = (page: Page, name: string) => page.getByRole('listitem', { name, exact: true });

  test('one is made by keyboard, shown once, copied, used, and revoked', async () => {
    const page = await stage().visit('/settings?view=keys');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('There is no other yet').waitFor();
    await row(page, 'owner').getByText('yours').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'New key' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('CI of the shop');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Role').selectOption('editor');
    await dialog.getByText('changes workflows, prompts and connections').waitFor();
    await dialog.getByLabel('Serves').selectOption('90 days');
    expect(await accessFaults(page)).toEqual([]);
    await dialog.getByLabel('Name').press('Enter');

    const secret = String(await dialog.getByText(/^myl_/).textContent());
    expect(await statusOf(secret)).toBe(200);
    await page.keyboard.press('Escape');
    await dialog.getByText('You have not copied it').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('The key is copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secret);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
    const ci = row(page, 'CI of the shop');
    await ci.getByText('editor').waitFor();
    await ci.getByText(`…${secret.slice(-4)}`).waitFor();
    await ci.getByText('by owner').waitFor();
    await ci.getByText(/expires/).waitFor();
    expect(await page.content()).not.toContain(secret);

    await ci.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await ci.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke it' }).click();
    await page.getByText('There is no other yet').waitFor();
    expect(await statusOf(secret)).toBe(401);
  });

  test('what is refused is said in place, and the last owner stays', async () => {
    const page = await stage().visit('/settings?view=keys', { width: 390 });
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('owner');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('alert').getByText('has a key "owner" already').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await row(page, 'owner').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('you are signed out with it').waitFor();
    await page.getByRole('button', { name: 'Revoke it' }).click();
    await row(page, 'owner').getByRole('alert').getByText('last owner key').waitFor();
    expect(await accessFaults(page)).toEqual([]);
  });

  test('a key that may less sees what it may, and one that ends makes none that outlives it', async () => {
    const { secret: viewer } = await made({ name: 'Ada', role: 'viewer' });
    const nothing = await signedIn(viewer);
    await nothing.getByText('Keys are the business of admins').waitFor();
    await nothing.getByText('You are signed in by the key Ada, of the role viewer').waitFor();
    expect(await accessFaults(nothing)).toEqual([]);

    const expiresAt = new Date(Date.now() + 10 * 86_400_000).toISOString();
    const { id, secret: admin } = await made({ name: 'Grace', role: 'admin', expiresAt });
    const page = await signedIn(admin);
    await row(page, 'Grace').getByText('yours').waitFor();
    expect(await row(page, 'owner').getByRole('button').count()).toBe(0);
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    const options = (label: string) => dialog.getByLabel(label).locator('option').allTextContents();
    expect(await options('Role')).toEqual(['viewer', 'operator', 'editor', 'admin']);
    expect(await options('Serves')).toEqual(['7 days', 'as long as yours']);
    await dialog.getByLabel('Name').fill('as long as mine');
    await page.getByRole('button', { name: 'Make it' }).click();
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    const { body } = await api('GET', '/api/keys');
    expect(body.items[0]).toMatchObject({ name: 'as long as mine', role: 'viewer', createdBy: 'Grace', expiresAt });

    // Whoever revokes the key of another sees it go everywhere.
    expect((await api('DELETE', `/api/keys/${id}`)).status).toBe(204);
    await page.reload();
    await page.getByLabel('API key').waitFor();
  });
});
