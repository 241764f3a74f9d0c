import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { accessFaults, loaded, onStage } from './browser.ts';
import { corners, furnish } from './furnish.ts';

const bankAt = (port: number) => `
name: bank
settings: { retry: { attempts: 1 } }
nodes:
  - { id: check, type: transform, config: { set: { amount: "{{ $trigger.amount }}" } } }
  - { id: charge, type: http, config: { method: PUT, url: "http://127.0.0.1:${port}/charges" } }
edges:
  - check -> charge
`;

/** A port on which nobody listens for now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Dozens of pages, each looked at whole. */
const LONG_MS = 300_000;

onStage('all pages', (stage) => {
  let places: Readonly<Record<string, string>>;
  let behind: Readonly<Record<string, string>>;
  beforeAll(async () => {
    places = await furnish(stage());
    behind = await corners(stage(), places);
  });

  const faultsOf = async (all: Readonly<Record<string, string>>, theme: 'light' | 'dark') => {
    const faults: string[] = [];
    const page = await stage().visit('/', { theme });
    for (const [name, path] of Object.entries(all)) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await loaded(page);
      faults.push(...(await accessFaults(page)).map((fault) => `${name}: ${fault}`));
    }
    await stage().closePages();
    return faults;
  };

  test.each(['light', 'dark'] as const)(
    'nothing hinders anybody, in the %s theme',
    async (theme) => {
      expect(await faultsOf(places, theme)).toEqual([]);
    },
    LONG_MS,
  );

  test('nothing does behind tabs and rows', { timeout: LONG_MS }, async () => {
    expect(await faultsOf(behind, 'dark')).toEqual([]);
  });

  test('one that failed goes on from its node when what failed is mended, in sight', async () => {
    const port = await freePort();
    const id = await stage().run(await stage().deploy(bankAt(port)), { amount: 1 });
    await stage().until(id, 'failed');
    const page = await stage().visit(`/executions/${id}`);
    await page.getByRole('button', { name: 'Retry from here' }).waitFor();
    const bank = createServer((_, response) => response.end('paid'));
    await new Promise<void>((resolve) => bank.listen(port, '127.0.0.1', resolve));
    await page.getByRole('button', { name: 'Retry from here' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry from here' }).click();
    await stage().until(id, 'completed');
    await page.locator('header').getByText('completed').waitFor();
    await new Promise((resolve) => bank.close(resolve));
  });

  test('at 390 px no page scrolls sideways', async () => {
    const wide: string[] = [];
    for (const name of ['overview', 'executions', 'execution', 'execution-failed', 'approvals', 'dead-letters']) {
      const page = await stage().visit(places[name] as string, { width: 390, height: 844 });
      await loaded(page);
      if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) wide.push(name);
      await stage().closePages();
    }
    expect(wide).toEqual([]);
  });
});
