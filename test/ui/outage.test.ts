import { expect, test } from 'vitest';
import { onStage } from './browser.ts';

/** The first request and as many as are made again. */
const ASKED = 6;
const LONGEST_REST_MS = 5_000;

onStage('an outage', (stage) => {
  test('longer than the page keeps asking takes away nothing that was typed', async () => {
    const page = await stage().visit('/executions');
    await page.keyboard.press('Control+k');
    const field = page.getByPlaceholder(/A page, a workflow/);
    await field.fill('dead');
    await page.clock.install();
    await page.route('**/api/sign-in', (route) => route.abort());
    // Long enough away that the window asks who is signed in when it is seen again.
    await page.clock.fastForward(120_000);
    const see = () => page.evaluate("window.dispatchEvent(new Event('visibilitychange'))");
    for (let count = 1; count <= ASKED; count += 1) {
      const refused = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/sign-in'));
      if (count === 1) await see();
      else await page.clock.fastForward(LONGEST_REST_MS);
      await refused;
    }
    await page.unroute('**/api/sign-in');
    await page.clock.fastForward(120_000);
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/sign-in'));
    await see();
    expect((await answered).status()).toBe(200);
    expect(await field.inputValue()).toBe('dead');
  });
});
