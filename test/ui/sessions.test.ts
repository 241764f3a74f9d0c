import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const called = (requestId: string, answer: object) => [
  { type: 'llm.requested', data: { requestId, model: 'small', messages: 1 } },
  { type: 'llm.responded', data: { requestId, model: 'small', ...answer } },
];
const failed = { latencyMs: 200, error: { code: 'model_failed', kind: 'transient', message: 'It is overloaded.' } };
const answered = { latencyMs: 800, usage: { inputTokens: 1_200, outputTokens: 300 }, cost: 12_500_000 };

onStage('sessions', (stage) => {
  /** A session of an agent in which these events have happened. */
  const talk = async (agent: string, events: readonly object[]) => {
    const session = { key: `${agent}-1`, agent, userId: 'ada' };
    expect((await stage().program.call('POST', '/api/sessions', session)).status).toBe(201);
    const append = { expectedSeq: 1, events };
    const { status, body } = await stage().program.call('POST', `/api/sessions/${agent}-1/events`, append);
    expect([status, body]).toMatchObject([201, { seq: 1 + events.length }]);
  };

  test('agents show what they did, added up and day by day', async () => {
    const page = await stage().visit('/sessions');
    await page.getByText('Nobody has talked to an agent yet').waitFor();
    await page.getByRole('tab', { name: 'Agents' }).click();
    await page.getByText('No agent has worked yet').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await talk('support', [{ type: 'user.message.received', data: { messageId: 'm1', content: 'hello' } }]);
    await talk('sales', [...called('r1', failed), ...called('r2', answered)]);
    const row = page.getByRole('table', { name: 'Agents' }).locator('[data-row=sales]');
    await row.getByText('$0.0125').waitFor();
    const figures = ['1', '0', '2 · 1 failed', '0', '1,200', '300', '500 ms', '$0.0125'];
    expect(await row.getByRole('cell').allTextContents()).toEqual(['sales', ...figures]);
    await page.locator('[data-row=support]').getByText('–').waitFor();
    expect(await accessFaults(page)).toEqual([]);

    await row.press('Enter');
    const days = page.getByRole('table', { name: 'Days of sales' });
    await days.getByText('$0.0125').waitFor();
    expect(await days.getAttribute('aria-rowcount')).toBe('1');
    const cells = await days.locator('[data-row]').getByRole('cell').allTextContents();
    expect(cells).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d$/), ...figures]);
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Sessions' }).click();
    const sessions = page.getByRole('table', { name: 'Sessions' });
    await sessions.getByText('sales-1').waitFor();
    expect(await sessions.getAttribute('aria-rowcount')).toBe('1');

    await page.goto('/sessions?view=agents&to=2020-01-01');
    await page.getByText('No agent did anything then').waitFor();
    await page.getByRole('button', { name: 'Show all', exact: true }).click();
    await row.waitFor();
  });
});
