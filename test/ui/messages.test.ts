import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const LABELS = `
name: labels
triggers:
  - { id: shipped, type: event, event: order.shipped }
nodes:
  - { id: print, type: http, config: { method: POST, url: 'https://printer.example/{{ $trigger.data.order }}' } }
  - { id: note, type: transform, config: { value: '{{ $json.suppressed }} {{ $json.config.url }}' } }
edges: [print -> note]
`;

const TELLS = `
name: tells
nodes:
  - id: tell
    type: webhook.send
    config: { connection: partner, type: order.created, data: { id: 7 } }
    retry: { attempts: 2, delay: 50ms }
`;
const SECRET = `whsec_${Buffer.from('a secret of 24 bytes or more').toString('base64')}`;

onStage('messages', (stage) => {
  beforeAll(async () => {
    const events = Array.from({ length: 60 }, (_, n) => ({ type: 'stock.counted', key: `k${n % 3}`, data: { n } }));
    await stage().program.call('POST', '/api/events', events);
  });

  test('a message is sent, heard of at once, and looked at', async () => {
    const page = await stage().visit('/messages');
    const log = page.getByRole('table', { name: 'Messages' });
    await log.getByText('stock.counted').first().waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Send…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Type').fill('order.shipped');
    await dialog.getByLabel('Key (optional)').fill('order-7');
    await dialog.getByRole('textbox', { name: 'Data' }).fill('{ "order": 7 ');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.getByText('The data is no JSON').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.reload();
    await page.getByRole('button', { name: 'Send…' }).click();
    await dialog.getByRole('textbox', { name: 'Data' }).fill('{ "order": 7 }');
    expect(await dialog.getByLabel('Type').inputValue()).toBe('order.shipped');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await log.getByText('order.shipped').click();
    const panel = page.getByRole('complementary', { name: /^Message/ });
    await panel.getByText('CloudEvent').waitFor();
    await panel.getByText('No active workflow').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  });

  test('filters stand in the address, and another hears what comes', async () => {
    const page = await stage().visit('/messages?type=stock.*&key=k1');
    const log = page.getByRole('table', { name: 'Messages' });
    await log.getByText('stock.counted').first().waitFor();
    expect(await log.getAttribute('aria-rowcount')).toBe('20');
    await stage().program.call('POST', '/api/events', { type: 'stock.lost', key: 'k1' });
    await log.getByText('stock.lost').waitFor();
    await page.getByLabel('Key', { exact: true }).fill('k2');
    await page.keyboard.press('Enter');
    await page.waitForURL(/key=k2/);
    await page.getByLabel('Topic').fill('nowhere');
    await page.keyboard.press('Enter');
    await page.getByText('No message fits these filters').waitFor();
    await page.getByRole('button', { name: 'Show all', exact: true }).click();
    await log.getByText('order.shipped').waitFor();
  });

  test('what waits for a workflow that is paused is seen, and passed over', async () => {
    const later = LABELS.replace('name: labels', 'name: later').replace('event: order.shipped', 'event: later.*');
    const id = await stage().deploy(later);
    await stage().program.call('POST', `/api/workflows/${id}/pause`, {});
    await stage().program.call('POST', '/api/events', [{ type: 'later.one' }, { type: 'later.two' }]);
    const page = await stage().visit('/messages?view=listeners');
    const table = page.getByRole('table', { name: 'Who listens' });
    await table.getByText(/^2 messages, .* old$/).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await table.getByRole('button', { name: 'Set later/shipped to another place of the log' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Place in the log').selectOption('time');
    await dialog.getByLabel('Written then or later').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await dialog.getByLabel('Place in the log').selectOption('latest');
    await dialog.getByRole('button', { name: 'Set it there' }).click();
    await page.getByText('later/shipped goes on from there, with 0 messages before it').waitFor();
    await table.getByText(/^2 messages/).waitFor({ state: 'detached' });
  });

  test('what happened before a workflow listened is replayed into it, with nothing done to the world', async () => {
    const id = await stage().deploy(LABELS);
    const page = await stage().visit('/messages?view=listeners');
    await page.getByRole('table', { name: 'Who listens' }).getByText('order.shipped').waitFor();
    await page.goto('/messages?type=order.*');
    await page.getByRole('button', { name: 'Replay…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Into the workflow').selectOption({ label: 'labels' });
    await dialog.getByRole('status').getByText('1 message found, of which 1 would start labels').waitFor();
    await dialog.getByLabel(/Suppress effects/).check();
    expect(await accessFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Replay 1' }).click();
    const replay = page.getByRole('article', { name: 'Replay into labels' });
    await replay.getByText('completed').waitFor();
    await replay.getByText('effects suppressed').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await replay.getByRole('link', { name: '1 execution started' }).click();
    await page.getByRole('table', { name: 'Executions' }).getByText('labels').waitFor();
    const { body } = await stage().program.call('GET', `/api/executions?workflow=${id}`);
    const [{ id: executionId }] = body.items;
    await stage().until(executionId, 'completed');
    const one = await stage().program.call('GET', `/api/executions/${executionId}`);
    expect(one.body.output).toBe('true https://printer.example/7');
  });

  test('webhooks that were sent stand with what came back, attempt by attempt', async () => {
    let asked = 0;
    const partner = createServer((_, response) => {
      asked += 1;
      response.writeHead(asked === 1 ? 503 : 200).end(asked === 1 ? 'the shop is closed' : 'taken with thanks');
    });
    await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(partner.address() as AddressInfo).port}/hooks`;
      const connection = { name: 'partner', type: 'webhook', config: { url, secret: SECRET } };
      expect((await stage().program.call('POST', '/api/connections', connection)).status).toBe(201);
      const page = await stage().visit('/messages?view=sent');
      await page.getByText('No webhook was sent yet').waitFor();
      expect(await accessFaults(page)).toEqual([]);
      const executionId = await stage().run(await stage().deploy(TELLS));
      const sent = page.getByRole('table', { name: 'Sent webhooks' });
      await sent.getByText('taken with thanks').waitFor();
      expect(await sent.getAttribute('aria-rowcount')).toBe('2');
      await page.getByLabel('Answer', { exact: true }).selectOption('Not taken');
      await sent.getByText('taken with thanks').waitFor({ state: 'detached' });
      await sent.getByText('the shop is closed').click();
      const panel = page.getByRole('complementary', { name: 'Webhook order.created' });
      await panel.getByText('503', { exact: true }).waitFor();
      await panel.getByText('the shop is closed').waitFor();
      expect(await accessFaults(page)).toEqual([]);
      expect(new URL(page.url()).searchParams.get('failed')).toContain('true');
      await page.reload();
      await panel.getByRole('link', { name: 'tell', exact: true }).click();
      await page.getByRole('link', { name: 'What was answered' }).click();
      await sent.getByText('taken with thanks').waitFor();
      expect(new URL(page.url()).searchParams.get('execution')).toBe(executionId);
      await page.getByLabel('Id of an execution').fill('7');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('execution').first().waitFor();
      await page.goto('/settings?view=connections');
      await page.getByRole('link', { name: 'What was sent by partner' }).click();
      await sent.getByText('taken with thanks').waitFor();
      expect(await page.getByLabel('Connection', { exact: true }).inputValue()).toBe('partner');
      await sent.getByText('the shop is closed').click();
      await panel.getByRole('button', { name: 'Send again' }).click();
      await panel.getByRole('button', { name: 'by hand, after this attempt' }).waitFor();
      await panel.getByText('taken with thanks').waitFor();
      expect(await sent.getAttribute('aria-rowcount')).toBe('3');
      expect(asked).toBe(3);
      expect(await accessFaults(page)).toEqual([]);
    } finally {
      partner.closeAllConnections();
      await new Promise((resolve) => partner.close(resolve));
    }
  });
});
