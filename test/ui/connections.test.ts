import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

/** Nobody listens there, and a test of a connection says so. */
const port = 9;

onStage('connections', (stage) => {
  const made = async (name: string, type: string, config: object) => {
    const { status } = await stage().program.call('POST', '/api/connections', { name, type, config });
    expect(status).toBe(201);
  };
  const label = (page: Page, name: string | RegExp) => page.getByRole('dialog').getByLabel(name, { exact: true });

  test('one is made by the form of its type, tested, changed without its secret, and removed', async () => {
    const page = await stage().visit('/settings?view=connections');
    await page.getByText('There is no connection yet').waitFor();
    await page.getByRole('button', { name: 'New connection' }).click();
    await label(page, 'Name').fill('shop-db');
    await label(page, 'Type').selectOption('postgres');
    await label(page, 'host').fill('127.0.0.1');
    await label(page, 'port (optional)').fill(String(port));
    await label(page, 'database').fill('shop');
    await label(page, 'user').fill('myelin');
    expect(await label(page, 'password').getAttribute('type')).toBe('password');
    await label(page, 'password').fill('hunter2-canary');
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save and test' }).click();
    const row = page.getByRole('listitem', { name: 'shop-db' });
    await row.getByText('fails').waitFor();
    await row.getByText('127.0.0.1:9 takes no connections').waitFor();
    expect(await page.content()).not.toContain('canary');

    await row.getByRole('button', { name: 'Change' }).click();
    await label(page, 'database').fill('other');
    expect(await label(page, 'password (is set)').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Save and test' }).click();
    await row.getByText('/other').waitFor();
    const { body } = await stage().program.call('GET', '/api/connections/shop-db');
    expect(body).toMatchObject({ config: { database: 'other' }, secrets: ['password'] });

    await row.getByRole('button', { name: 'Change' }).click();
    await label(page, 'host').fill('db.example.com');
    await page.getByRole('button', { name: 'Save and test' }).click();
    await page
      .getByRole('alert')
      .getByText(/give password again/)
      .waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();

    await row.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByText('There is no connection yet').waitFor();
  });

  test('one that an active workflow names says which', async () => {
    await made('team', 'slack', { token: 'xoxb-1' });
    await stage().deploy(`
name: tells
nodes:
  - { id: tell, type: slack, config: { connection: team, channel: C1, text: hello } }
`);
    const page = await stage().visit('/settings');
    const row = page.getByRole('listitem', { name: 'team' });
    await row.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await row.getByRole('alert').getByText(/tells/).waitFor();
    expect(await accessFaults(page)).toEqual([]);
  });

  test('a node chooses one of its type, or makes one', async () => {
    await made('other-db', 'postgres', { host: '127.0.0.1', port, database: 'd', user: 'u' });
    const workflow = await stage().deploy(`
name: posts
nodes:
  - { id: post, type: slack, config: { connection: gone, channel: C1, text: hello } }
`);
    const page = await stage().visit(`/workflows/${workflow}?node=post`, { width: 1440 });
    const field = page.getByLabel('connection', { exact: true });
    await field.waitFor();
    await field.locator('option', { hasText: 'team' }).waitFor({ state: 'attached' });
    const options = await field.locator('option').allTextContents();
    expect(options).toEqual(['gone (there is none of this name)', 'team', 'New connection…']);
    await field.selectOption('New connection…');
    expect(await label(page, 'Type').inputValue()).toBe('slack');
    await label(page, 'Name').fill('hook');
    await label(page, 'webhookUrl').fill(`http://127.0.0.1:${port}/services/T/B/x`);
    await page.getByRole('button', { name: 'Save and test' }).click();
    await page.getByText(/takes no connections/).waitFor();
    expect(await field.inputValue()).toBe('hook');
    expect(await accessFaults(page)).toEqual([]);
  });

  test('every event goes to a broker: the feed is set up, says what is wrong, and ends', async () => {
    await made('bus', 'kafka', { brokers: `127.0.0.1:${port}`, tls: 'off' });
    const page = await stage().visit('/settings?view=connections');
    await page.getByRole('button', { name: 'Set up' }).click();
    await label(page, 'Connection').selectOption('bus');
    await label(page, 'topic').fill('two words');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('takes letters').first().waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await label(page, 'topic').fill('audit');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Everything is sent.').waitFor();
    await stage().deploy('{ name: told, nodes: [{ id: one, type: transform, config: { value: 1 } }] }');
    await stage().program.call('POST', '/api/workflows/told/execute', {});
    await page.getByText(/events wait, the oldest written/).waitFor();
    await page.getByText('takes no connections').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'End', exact: true }).click();
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByRole('button', { name: 'Set up' }).waitFor();
    expect((await stage().program.call('GET', '/api/event-feed')).body).toEqual({ feed: null });
  });
});
