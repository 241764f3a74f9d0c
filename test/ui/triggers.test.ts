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
});
