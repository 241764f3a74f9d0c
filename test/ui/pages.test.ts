import { beforeAll, expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';
import { furnish } from './furnish.ts';

onStage('all pages', (stage) => {
  let places: Readonly<Record<string, string>>;
  beforeAll(async () => {
    places = await furnish(stage());
  });

  test.each(['light', 'dark'] as const)('nothing hinders anybody, in the %s theme', async (theme) => {
    const faults: string[] = [];
    for (const [name, path] of Object.entries(places)) {
      const page = await stage().visit(path, { theme });
      while ((await page.getByRole('status', { name: 'Loading' }).count()) > 0) await page.waitForTimeout(50);
      faults.push(...(await accessFaults(page)).map((fault) => `${name}: ${fault}`));
      await stage().closePages();
    }
    expect(faults).toEqual([]);
  });

  test('at 390 px no page scrolls sideways', async () => {
    const wide: string[] = [];
    for (const name of ['overview', 'executions', 'execution', 'execution-failed', 'approvals', 'dead-letters']) {
      const page = await stage().visit(places[name] as string, { width: 390, height: 844 });
      if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) wide.push(name);
      await stage().closePages();
    }
    expect(wide).toEqual([]);
  });
});
