import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const FAILS = `
name: fails
nodes: [{ id: stop, type: fail, config: { message: 'No stock is left' } }]
`;
const UNDOES = `
name: undoes
nodes:
  - { id: book, type: http, config: { method: GET, url: '{{ $trigger.url }}' }, compensate: cancel }
  - { id: cancel, type: transform, config: { value: { canceled: true } } }
  - { id: stop, type: fail, config: { message: 'The hotel is full' } }
edges: [book -> stop]
`;

const ASKS = 'name: asks\nnodes: [{ id: ask, type: approval, config: { title: Wait? } }]\n';
/** Figures are counted every five seconds, and read every fifteen. */
const COUNTED_WITHIN_MS = 60_000;

onStage('the overview', (stage) => {
  test('what failed last is there with its status, also what was undone', async () => {
    const failed = await stage().run(await stage().deploy(FAILS));
    const url = `${stage().program.url}/health/live`;
    const undone = await stage().run(await stage().deploy(UNDOES), { url });
    await stage().until(failed, 'failed');
    await stage().until(undone, 'compensated');
    const page = await stage().visit('/');
    const line = page.getByRole('link', { name: /The hotel is full/ });
    await line.getByText('compensated').waitFor();
    expect(await line.getAttribute('href')).toBe(`/executions/${undone}`);
    await page.getByRole('link', { name: /^failed\s*No stock is left/ }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
  });

  test('how many wait, run and are in the queue is drawn over time, by the most there were at once', async () => {
    const asked = await stage().run(await stage().deploy(ASKS.replace('name: asks', 'name: levels')));
    await stage().until(asked, 'waiting');
    const page = await stage().visit('/');
    const table = page.getByRole('table', { name: /^Executions that had not ended, .*waiting [1-9]/ });
    await table.getByRole('columnheader', { name: 'In the queue' }).waitFor();
    await page.getByRole('link', { name: /^Waiting\s*[1-9]/ }).click();
    await page.getByRole('row', { name: /levels/ }).waitFor();
    await stage().program.call('POST', `/api/executions/${asked}/cancel`, {});
    await stage().until(asked, 'canceled');
  });

  test('what was compensated and canceled stands beside what failed, here and in the list of workflows', async () => {
    const run = async (document: string, name: string, input = {}) =>
      await stage().run(await stage().deploy(document.replace(/name: \w+/, `name: ${name}`)), input);
    const url = `${stage().program.url}/health/live`;
    await stage().until(await run(FAILS, 'stops'), 'failed');
    await stage().until(await run(UNDOES, 'reverts', { url }), 'compensated');
    const waits = await run(ASKS, 'asks');
    await stage().until(waits, 'waiting');
    await stage().program.call('POST', `/api/executions/${waits}/cancel`, {});
    await stage().until(waits, 'canceled');
    const page = await stage().visit('/');
    for (const status of ['failed', 'compensated', 'canceled']) {
      const tile = page.getByRole('link', { name: new RegExp(`^${status}\\s*[1-9]\\d*\\s*[1-9]\\d* % of`, 'i') });
      await tile.waitFor({ timeout: COUNTED_WITHIN_MS });
      expect(await tile.getAttribute('href')).toContain(`status=${status}`);
    }
    await page.goto('/workflows');
    const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) });
    await row('reverts').getByRole('link', { name: '1 compensated' }).waitFor();
    // Of one alone the figures lead to what is its own.
    await row('stops').getByRole('button', { name: 'Actions for stops' }).click();
    await page.getByRole('menuitem', { name: 'Figures' }).click();
    const failed = page.getByRole('link', { name: /^Failed\s*1\s*100 % of/ });
    await failed.waitFor();
    expect(await failed.getAttribute('href')).toContain('workflow=stops');
    expect(await accessFaults(page)).toEqual([]);
    // A tile leads to what it counts, and to nothing else.
    await failed.click();
    await page.getByRole('row', { name: /stops/ }).waitFor();
    const asked = new URL(page.url()).searchParams;
    expect(asked.get('status')).toBe('failed,compensation_failed');
    expect(Date.now() - Date.parse(asked.get('endedFrom') ?? '')).toBeLessThan(24 * 3_600_000);
    expect(await page.getByRole('row').count()).toBe(2);
    await page.goto('/workflows');
    expect(
      await row('reverts')
        .getByRole('link', { name: /failed/ })
        .count(),
    ).toBe(0);
    await row('asks').getByText('none failed').waitFor();
    await row('stops').getByRole('link', { name: '1 failed' }).click();
    await page.waitForURL((url) => url.searchParams.get('status') === 'failed,compensation_failed');
    expect(new URL(page.url()).searchParams.get('workflow')).toBe('stops');
    expect(Date.now() - Date.parse(new URL(page.url()).searchParams.get('endedFrom') ?? '')).toBeLessThan(
      24 * 3_600_000,
    );
    await page.getByRole('row', { name: /stops/ }).getByText('No stock is left').waitFor();
  });
});
