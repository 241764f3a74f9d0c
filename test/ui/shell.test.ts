import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

onStage('the shell', (stage) => {
  test('a stranger is asked for a key; a wrong one is refused in place; the right one opens the page asked for', async () => {
    const page = await stage().stranger();
    await page.goto('/executions');
    const field = page.getByLabel('API key');
    await field.fill('myl_wrong');
    await page.keyboard.press('Enter');
    await page.getByText(/check it|no project/i).waitFor();
    expect(await field.inputValue()).toBe('myl_wrong');
    await field.fill(stage().program.apiKey);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Executions' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/executions');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ name: 'myelin_sign_in', httpOnly: true, sameSite: 'Strict' });
    expect(await page.evaluate('document.cookie')).toBe('');
  });

  test('the link of `npm start` signs in once', async () => {
    const link = /http:\/\/\S+\/sign-in#\S+/.exec(stage().program.output)?.[0] as string;
    const page = await stage().stranger();
    await page.goto(link);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(page.url()).not.toContain('#');
    const other = await stage().stranger();
    await other.goto(link);
    await other.getByLabel('API key').waitFor();
  });

  test('every page is reached by keyboard alone', async () => {
    const page = await stage().visit('/');
    for (const [key, title] of [
      ['w', 'Workflows'],
      ['e', 'Executions'],
      ['a', 'Approvals'],
      ['d', 'Dead letters'],
      ['s', 'Sessions'],
      ['t', 'Triggers'],
      ['o', 'Overview'],
    ] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
    }
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder(/A page, a workflow/).fill('dead');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Dead letters' }).waitFor();
  });

  test.each([390, 1280])(
    'at %i px all of a page stands in a landmark, and each landmark is one of a kind',
    async (width) => {
      const page = await stage().visit('/executions', { width });
      const { violations } = await new AxeBuilder({ page })
        .withRules(['region', 'landmark-unique', 'landmark-no-duplicate-banner', 'landmark-no-duplicate-main'])
        .analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
      ).toEqual([]);
    },
  );

  test('nothing is asked of another host', async () => {
    const page = await stage().stranger();
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.goto('/');
    await page.getByLabel('API key').waitFor();
    expect([...hosts]).toEqual([new URL(stage().program.url).host]);
    expect(await accessFaults(page)).toEqual([]);
  });

  test('while the server is away the page says so, and goes on by itself when it is back', async () => {
    const page = await stage().visit('/executions');
    const id = await stage().deploy('name: later\nnodes: [{ id: one, type: transform, config: { value: 1 } }]\n');
    await stage().program.kill('SIGKILL');
    await page.getByText('The server does not answer').waitFor();
    await stage().program.start();
    await stage().run(id);
    await page.getByRole('row', { name: /later/ }).waitFor();
    await page.getByText('The server does not answer').waitFor({ state: 'hidden' });
  });
});
