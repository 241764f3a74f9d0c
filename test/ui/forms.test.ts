import { expect, test } from 'vitest';
import { onStage } from './browser.ts';

const VISITS = `
name: visits
nodes:
  - id: ask
    type: approval
    config:
      title: When do we come?
      data: { at: '2026-11-27T08:00:00Z' }
      form:
        type: object
        required: [at]
        properties: { at: { type: string, format: date-time }, tools: {} }
`;

onStage('a form', (stage) => {
  test('sends a moment with its offset, and never an older value for JSON that cannot be read', async () => {
    const execution = await stage().run(await stage().deploy(VISITS));
    await stage().until(execution, 'waiting');
    const page = await stage().visit('/approvals');
    await page.getByLabel('Who decides').fill('ada');
    const at = page.getByLabel('at', { exact: true });
    expect(await page.evaluate(`Date.parse('${await at.inputValue()}')`)).toBe(Date.parse('2026-11-27T08:00:00Z'));
    await at.fill('2026-12-24T18:30');
    const sent = await page.evaluate("new Date('2026-12-24T18:30').toISOString()");

    const tools = page.getByLabel('tools (optional)');
    await tools.fill('["hammer"]');
    await tools.fill('["hammer", ');
    await page.getByText('This is no JSON yet').waitFor();
    await at.focus();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.locator('textarea[aria-invalid]:focus').waitFor();
    expect((await stage().program.call('GET', '/api/approvals?status=open')).body.items).toHaveLength(1);

    await tools.fill('["hammer", "nails"]');
    await page.getByRole('button', { name: 'Approve' }).click();
    await stage().until(execution, 'completed');
    const { body } = await stage().program.call('GET', '/api/approvals?status=decided');
    expect(body.items[0].decision.data).toEqual({ at: String(sent).replace('.000Z', 'Z'), tools: ['hammer', 'nails'] });
  });
});
