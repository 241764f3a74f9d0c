import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

onStage('triggers', (stage) => {
  const call = async (method: string, path: string, body: unknown, status: number) => {
    expect((await stage().program.call(method, path, body)).status).toBe(status);
  };

  test('one that listens says how it is, and what is wrong with it', async () => {
    const config = { host: '127.0.0.1', port: 9, tls: 'off' };
    await call('POST', '/api/connections', { name: 'cache', type: 'redis', config }, 201);
    const listens = { id: 'in', type: 'redis', connection: 'cache', stream: 'orders' };
    const document = { name: 'orders', triggers: [listens], nodes: [{ id: 'a', type: 'join' }] };
    await call('POST', '/api/workflows?activate=true', document, 201);
    const page = await stage().visit('/triggers');
    const row = page.getByRole('row', { name: /redis.*orders/ });
    await row.getByText('error').waitFor();
    await row.click();
    const chosen = page.getByRole('complementary', { name: 'The chosen trigger' });
    await chosen.getByRole('alert').getByText('127.0.0.1:9 takes no connections').waitFor();
    expect(await accessFaults(page)).toEqual([]);
  });

  test('a poll says when it looked and when it does again, and looks when it is told to', async () => {
    let asked = 0;
    const heard = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const source = createServer((_, response) => {
      heard[asked++]?.resolve();
      response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
    });
    source.listen(0, '127.0.0.1');
    await once(source, 'listening');
    const url = `http://127.0.0.1:${(source.address() as AddressInfo).port}/orders`;
    const looks = { id: 'orders', type: 'poll', http: { url }, every: '1h', cursor: '{{ $json.id }}' };
    const document = { name: 'asks', triggers: [looks], nodes: [{ id: 'a', type: 'join' }] };
    await call('POST', '/api/workflows?activate=true', document, 201);
    await heard[0]?.promise;
    const page = await stage().visit('/triggers');
    const row = page.getByRole('row', { name: /poll.*asks/ });
    await row.getByText(`every 1h GET ${url}`).waitFor();
    await row.getByText(/^in (59 min|1 h)/).waitFor();
    await row.click();
    await page.getByRole('button', { name: 'Look now' }).click();
    await heard[1]?.promise;
    await row.getByText(/^in (59 min|1 h)/).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    source.close();
  });

  test('names and times can be read beside the details, and on a telephone; a webhook is copied from the list', async () => {
    const triggers = [
      { id: 'monthly', type: 'schedule', cron: '0 3 1 * *', timezone: 'Europe/Berlin' },
      { id: 'hook', type: 'webhook', path: 'a-path-of-some-length/for-orders' },
    ];
    const document = { name: 'orders-of-all-the-shops', triggers, nodes: [{ id: 'a', type: 'join' }] };
    await call('POST', '/api/workflows?activate=true', document, 201);
    const page = await stage().visit('/triggers');
    await page.getByRole('button', { name: 'Copy the address of hook' }).click();
    await page.getByText(`Copied ${stage().program.url}/webhooks/a-path-of-some-length/for-orders`).waitFor();
    await page.getByRole('row', { name: /schedule/ }).click();
    const chosen = page.getByRole('complementary', { name: 'The chosen trigger' });
    await chosen
      .getByText(/^\d{4}-\d\d-01 03:00$/)
      .first()
      .waitFor();
    const name = page
      .getByRole('row', { name: /schedule/ })
      .getByRole('cell')
      .nth(2);
    expect(await name.evaluate((cell) => cell.scrollWidth <= cell.clientWidth)).toBe(true);
    expect(await page.getByRole('row', { name: /schedule/ }).getAttribute('aria-current')).toBe('true');
    await page.keyboard.press('Escape');
    await chosen.waitFor({ state: 'detached' });
    const phone = await stage().visit('/triggers', { width: 390, height: 844 });
    await phone
      .getByRole('row', { name: /monthly/ })
      .getByText('orders-of-all')
      .waitFor();
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await accessFaults(page)).toEqual([]);
  });
});
