/** What the pages offer to keys of less than all roles: nobody learns by a refusal of the server what they may not do. */
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessFaults, loaded, onStage } from './browser.ts';
import { corners, furnish } from './furnish.ts';

type Role = 'viewer' | 'operator';

/** Signs out, or goes to where nobody is signed in any more. */
const LEAVES = /^Sign out$/;
const SOON = { timeout: 1_000 };

/** What a button says; undefined of one that nobody can press, or that is gone. One that is refused only says so: it is pressed. */
async function wordsOf(button: Locator): Promise<string | undefined> {
  try {
    if ((await button.getAttribute('disabled', SOON)) !== null) return undefined;
    return ((await button.getAttribute('aria-label', SOON)) ?? (await button.textContent(SOON)) ?? '').trim();
  } catch {
    return undefined;
  }
}

/** Rows of a list have the same buttons: one of a kind is enough. */
const kindOf = (words: string): string => words.replace(/\d.*/, '').split(' ', 2).join(' ');

onStage('the pages of a role', (stage) => {
  const keys = new Map<Role, string>();
  let places: Readonly<Record<string, string>>;
  /** What each presses: who may do less is asked where most stands, the other behind tabs and in details. */
  let pressed: Readonly<Record<Role, Readonly<Record<string, string>>>>;
  beforeAll(async () => {
    places = await furnish(stage());
    pressed = { viewer: places, operator: await corners(stage(), places) };
    for (const role of ['viewer', 'operator'] as const) {
      const { body } = await stage().program.call('POST', '/api/keys', { name: role, role });
      keys.set(role, body.secret);
    }
  });
  const visit = (role: Role, path: string) => stage().visit(path, {}, keys.get(role));
  const isRefused = async (button: Locator): Promise<boolean> =>
    (await button.getAttribute('aria-disabled')) === 'true';
  /** Who is signed in is known a moment after the page is there. */
  const refused = (page: Page, name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true, disabled: true }).waitFor();

  /** Presses whatever can be pressed on the page, and what that opens; answers how much it was. */
  const pressAll = async (page: Page, path: string): Promise<number> => {
    let pressed = 0;
    const press = async (button: Locator): Promise<void> => {
      const words = await wordsOf(button);
      if (words === undefined || LEAVES.test(words)) return;
      // Something that was pressed before may lie over it.
      await button.click({ ...SOON, force: true }).catch(() => undefined);
      pressed += 1;
    };
    const back = async (): Promise<void> => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      if (new URL(page.url()).pathname === path.replace(/\?.*/, '')) return;
      await page.goto(path);
      await loaded(page);
    };
    const buttons = page.locator('main').getByRole('button');
    const seen = new Set<string>();
    for (let index = 0; index < (await buttons.count()); index += 1) {
      const kind = kindOf((await wordsOf(buttons.nth(index))) ?? '');
      if (seen.has(kind)) continue;
      seen.add(kind);
      await press(buttons.nth(index));
      const items = page.getByRole('menuitem');
      const count = await items.count();
      for (let item = 0; item < count; item += 1) {
        if (item > 0) await press(buttons.nth(index));
        if (item < (await items.count())) await press(items.nth(item));
        await back();
      }
      await back();
    }
    return pressed;
  };

  test.each(['viewer', 'operator'] as const)(
    'a %s who presses everything is refused nothing by the server',
    async (role) => {
      const refusals: string[] = [];
      let count = 0;
      const page = await visit(role, '/');
      let at = '';
      page.on('response', (answer) => {
        if (answer.status() === 403) refusals.push(`${at}: ${answer.request().method()} ${answer.url()}`);
      });
      page.on('dialog', (dialog) => void dialog.accept());
      for (const [name, path] of Object.entries(pressed[role])) {
        at = name;
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await loaded(page);
        count += await pressAll(page, path);
      }
      expect(refusals).toEqual([]);
      expect(count).toBeGreaterThan(50);
      await stage().closePages();
    },
    600_000,
  );

  test('a viewer reads why, by pointer, keyboard and touch', async () => {
    const page = await visit('viewer', '/workflows');
    const button = page.getByRole('button', { name: 'Import a file' });
    await refused(page, 'Import a file');
    expect(await isRefused(button)).toBe(true);
    const why = page
      .getByRole('tooltip')
      .getByText('This takes the role editor or above; your key has the role viewer.');
    await button.hover();
    await why.waitFor();
    // More than one step: the hint stays while the pointer may be on its way to it.
    await page.mouse.move(0, 0, { steps: 5 });
    await why.waitFor({ state: 'detached' });
    await button.focus();
    await why.waitFor();
    await button.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await why.waitFor();
    expect(await page.getByRole('link', { name: 'New workflow' }).count()).toBe(0);
    expect(await accessFaults(page)).toEqual([]);

    await page.getByRole('button', { name: 'Actions for greet' }).click();
    const run = page.getByRole('menuitem', { name: 'Run…' });
    await run.getByText('takes the role operator').waitFor();
    await run.click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('A page, a workflow').fill('new workflow');
    await page.getByText('Nothing of this name').waitFor();
  });

  test('a viewer sees what people are asked, and that it is not theirs to decide', async () => {
    const page = await visit('viewer', '/approvals');
    await page.getByRole('link', { name: /Refund 120/ }).click();
    const shown = page.getByRole('article', { name: /Refund 120/ });
    await shown.getByText('This takes the role operator or above').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await page.keyboard.press('y');
    const { body } = await stage().program.call('GET', '/api/approvals/count?status=open');
    expect(body.count).toBeGreaterThan(1);
    expect(await accessFaults(page)).toEqual([]);
  });

  test('a viewer saves nothing by keys, and is told so', async () => {
    const page = await visit('viewer', String(places.editor));
    await page.locator('.react-flow__node').first().click();
    await page.keyboard.press('Delete');
    await page.getByText('What you change here stays in this browser').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByRole('region', { name: 'Notices' }).getByText('This takes the role editor').waitFor();
    expect(await isRefused(page.getByRole('button', { name: 'Save', exact: true }))).toBe(true);
  });

  test('keys are a tab for admins only, and their address says why', async () => {
    const page = await visit('operator', '/settings?view=keys');
    await page.getByText('Keys are the business of admins').waitFor();
    expect(await page.getByRole('tab', { name: 'Keys' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Sign in by another key' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    const owner = await stage().visit('/settings');
    await owner.getByRole('tab', { name: 'Keys' }).waitFor();
  });

  test('an operator decides, runs and retries, and changes no workflow and no connection', async () => {
    const page = await visit('operator', '/approvals?whose=all');
    await page.getByRole('link', { name: /Refund 15/ }).click();
    const form = page.getByRole('article');
    await form.getByLabel('reason').fill('It came broken');
    await form.getByLabel('Who decides').fill('Ada');
    await form.getByLabel('In whose name').selectOption('finance@example.com');
    await form.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approved: Refund 15 to Grace?').waitFor();

    await page.goto(String(places['execution-failed']));
    expect(await isRefused(page.locator('header').getByRole('button', { name: 'Retry', exact: true }))).toBe(false);
    await page.goto('/settings');
    await refused(page, 'New connection');
    await page.goto(String(places.editor));
    await refused(page, 'Pause');
    expect(await isRefused(page.getByRole('button', { name: 'Run', exact: true }))).toBe(false);
    await page.goto('/workflows');
    await page.getByRole('button', { name: 'Actions for greet' }).click();
    await page
      .getByRole('menuitem', { name: /Delete…/ })
      .getByText('takes the role editor')
      .waitFor();
  });
});
