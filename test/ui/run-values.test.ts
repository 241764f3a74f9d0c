/** The page of an execution whose values are large: they are read when they are opened, and not again with each event. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { loaded, onStage } from './browser.ts';

const STEPS = 8;
const BIG = 400_000;
/** What the page takes besides: its nodes, its events, its document, a few times over. */
const SMALL = 150_000;

const LARGE = JSON.stringify({
  name: 'large-values',
  nodes: [
    ...Array.from({ length: STEPS }, (_, index) => ({ id: `step${index}`, type: 'transform' })),
    { id: 'ask', type: 'approval', config: { title: 'Go on?', data: 'The parcel is packed' } },
    ...Array.from({ length: 4 }, (_, index) => ({ id: `pause${index}`, type: 'delay', config: { for: '300ms' } })),
    { id: 'again', type: 'approval', config: { title: 'And now?' } },
  ],
  edges: [
    ...Array.from({ length: STEPS - 1 }, (_, index) => `step${index} -> step${index + 1}`),
    `step${STEPS - 1} -> ask`,
    'ask:approved -> pause0',
    'pause0 -> pause1',
    'pause1 -> pause2',
    'pause2 -> pause3',
    'pause3 -> again',
  ],
});

/** Counts the bytes of what the page reads of the API, streams too; a call answers those since the last one. */
async function meter(page: Page): Promise<() => number> {
  const line = await page.context().newCDPSession(page);
  const isOfApi = new Set<string>();
  let bytes = 0;
  line.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (new URL(request.url).pathname.startsWith('/api/')) isOfApi.add(requestId);
  });
  line.on('Network.dataReceived', ({ requestId, dataLength }) => {
    if (isOfApi.has(requestId)) bytes += dataLength;
  });
  await line.send('Network.enable');
  return () => {
    const since = bytes;
    bytes = 0;
    return since;
  };
}

onStage('the page of an execution with large values', (stage) => {
  test('values are read when they are opened, once, however much happens meanwhile', async () => {
    const workflow = await stage().deploy(LARGE);
    const id = await stage().run(workflow, { big: 'x'.repeat(BIG) });
    await stage().until(id, 'waiting');
    const page = await stage().visit('/executions');
    const read = await meter(page);
    await page.goto(`/executions/${id}`);
    await page.getByText('waits for a decision').first().waitFor();
    await page.getByRole('slider').waitFor();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByRole('group', { name: 'Timeline' }).getByText('step0').waitFor();
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByRole('button', { name: /node completed.*step3/ }).waitFor();
    await loaded(page);
    expect(read()).toBeLessThan(SMALL);

    // An event, a node, and the execution as a whole: each value comes when it is asked for.
    await page.getByRole('button', { name: /node completed.*step3/ }).click();
    await page.getByRole('button', { name: /Load output.*400 kB/ }).click();
    await page
      .getByText(/"?xxxxxxxx/)
      .first()
      .waitFor();
    const event = read();
    expect(event).toBeGreaterThan(BIG);
    expect(event).toBeLessThan(BIG + SMALL);
    await page.getByRole('button', { name: 'Show the node' }).click();
    const panel = page.getByRole('complementary', { name: 'Node step3' });
    await panel.getByRole('button', { name: 'Load its values, 800 kB' }).click();
    await panel.getByRole('heading', { name: 'Output' }).waitFor();
    const node = read();
    expect(node).toBeGreaterThan(2 * BIG);
    expect(node).toBeLessThan(2 * BIG + SMALL);
    await page.getByRole('tab', { name: 'Input & output' }).click();
    await page.getByRole('button', { name: 'Load 400 kB' }).click();
    await page.getByText('It has none until it has completed.').waitFor();
    const whole = read();
    expect(whole).toBeGreaterThan(BIG);
    expect(whole).toBeLessThan(BIG + SMALL);

    // Both stay open while it goes on, node after node.
    const waits = page.getByRole('region', { name: 'What it waits for' });
    await waits.getByRole('button', { name: 'Approve' }).click();
    await page.getByLabel('Who decides').fill('ada');
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await waits.getByText('And now?').waitFor();
    await loaded(page);
    expect(await panel.getByRole('heading', { name: 'Output' }).isVisible()).toBe(true);
    expect(read()).toBeLessThan(SMALL);
  });
});
