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
});
