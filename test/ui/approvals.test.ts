import { beforeAll, expect, test } from 'vitest';
import { accessFaults, onStage } from './browser.ts';

const REFUNDS = `
name: refunds
nodes:
  - id: ask
    type: approval
    config:
      title: 'Refund {{ $json.amount }} to {{ $json.customer }}?'
      data: { amount: '{{ $json.amount }}', customer: '{{ $json.customer }}' }
      assignees: [finance]
      timeout: 1d
      escalate: { to: [head-of-finance] }
      form:
        type: object
        required: [amount, reason]
        properties: { amount: { type: number, maximum: 500 }, reason: { enum: [lost, broken] } }
  - { id: pay, type: transform, config: { set: { paid: true } } }
edges: ['ask:approved -> pay']
`;
const POSTS = `
name: posts
nodes:
  - { id: ask, type: approval, config: { title: 'Publish {{ $json.title }}?', data: { title: '{{ $json.title }}' } } }
`;

onStage('approvals', (stage) => {
  let refunds: string;
  let posts: string;
  beforeAll(async () => {
    refunds = await stage().deploy(REFUNDS);
    posts = await stage().deploy(POSTS);
  });

  async function ask(workflow: string, input: unknown): Promise<string> {
    const id = await stage().run(workflow, input);
    await stage().until(id, 'waiting');
    return id;
  }
  const statusOf = async (execution: string) =>
    (await stage().program.call('GET', `/api/executions/${execution}`)).body.status as string;

  test('by keyboard alone: move, fill in what is missing, approve; the next is chosen', async () => {
    const first = await ask(refunds, { amount: 40, customer: 'Ada' });
    await ask(posts, { title: 'Names' });
    const page = await stage().visit('/approvals');
    await page.getByRole('article', { name: 'Refund 40 to Ada?' }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('article', { name: 'Publish Names?' }).waitFor();
    await page.keyboard.press('k');
    await page.getByRole('article', { name: 'Refund 40 to Ada?' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);

    await page.keyboard.press('y');
    await page.locator('select[aria-invalid]:focus').waitFor();
    await page.keyboard.press('l');
    await page.getByLabel('Who decides').fill('ada');
    await page.getByLabel('Comment').fill('The parcel was lost');
    // What was typed outlives a reload.
    await page.reload();
    await page.getByText('finance is').or(page.getByLabel('Comment')).first().waitFor();
    expect(await page.getByLabel('Comment').inputValue()).toBe('The parcel was lost');
    await page.keyboard.press('y');
    await page.getByRole('dialog', { name: 'Approve with this?' }).getByText('lost').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('article', { name: 'Publish Names?' }).waitFor();
    await page.getByText('Approved: Refund 40 to Ada?').waitFor();
    await stage().until(first, 'completed');
    const { body } = await stage().program.call('GET', '/api/approvals?status=decided');
    expect(body.items[0].decision).toMatchObject({
      decision: 'approved',
      by: 'ada',
      as: 'finance',
      comment: 'The parcel was lost',
      data: { amount: 40, reason: 'lost' },
    });
    await page.keyboard.press('n');
    await page.getByText('Nothing waits for ada').waitFor();
    // Who decided in the name of a group is one of it.
    await page.getByRole('button', { name: 'ada, finance' }).waitFor();
    await page.getByRole('button', { name: 'Show all that is open' }).click();
    await page.getByText('Nobody is asked anything').waitFor();
  });

  test('a key decides nothing without a name: it asks for one, and the letter stays out of the field', async () => {
    const execution = await ask(posts, { title: 'Unsigned' });
    const page = await stage().visit('/approvals');
    await page.getByRole('article', { name: 'Publish Unsigned?' }).waitFor();
    for (const key of ['y', 'n']) {
      await page.locator('body').click({ position: { x: 1, y: 1 } });
      await page.keyboard.press(key);
      await page.getByText('Your name first').waitFor();
      await page.locator('input[aria-invalid]:focus').waitFor();
      expect(await page.getByLabel('Who decides').inputValue()).toBe('');
      await page.evaluate('document.activeElement.blur()');
    }
    expect(await statusOf(execution)).toBe('waiting');
    await page.getByLabel('Who decides').fill('ada');
    await page.getByRole('button', { name: 'Reject', exact: true }).click();
    await stage().until(execution, 'completed');
  });

  test('somebody else was first: their decision is said in place, and what was typed is still there', async () => {
    await ask(posts, { title: 'Late news' });
    const page = await stage().visit('/approvals');
    await page.getByRole('article', { name: 'Publish Late news?' }).waitFor();
    await page.getByLabel('Who decides').fill('ada');
    await page.getByLabel('Comment').fill('Good');
    const id = new URL(page.url()).searchParams.get('id');
    // The other one is so quick that the page has not heard of it.
    await page.route('**/api/approvals/*/decide', async (route) => {
      await stage().program.call('POST', `/api/approvals/${id}/decide`, { decision: 'rejected', by: 'bo' });
      await route.continue();
    });
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByText('bo was first').waitFor();
    await page.getByText('Your comment: Good').waitFor();
    await page.getByText('by bo').first().waitFor();
    expect(await accessFaults(page)).toEqual([]);
  });

  test('on a telephone: the list, then the page, then the next', async () => {
    const first = await ask(posts, { title: 'One' });
    await ask(posts, { title: 'Two' });
    const page = await stage().visit('/approvals', { width: 390, height: 844, theme: 'dark' });
    await page.getByRole('link', { name: /Publish One\?/ }).click();
    await page.getByLabel('Who decides').fill('ada');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('article', { name: 'Publish Two?' }).waitFor();
    await stage().until(first, 'completed');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await accessFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'All approvals' }).click();
    await page.getByRole('link', { name: /Publish Two\?/ }).waitFor();
  });

  test('what is asked while the page is open appears by itself, and is counted in the title', async () => {
    const page = await stage().visit('/approvals?workflow=posts&assignee=nobody');
    await page.getByText('Nothing fits these filters').waitFor();
    await page.getByRole('button', { name: 'Show all that is open' }).click();
    await ask(posts, { title: 'Breaking' });
    await page.getByRole('link', { name: /Publish Breaking\?/ }).waitFor();
    await expect.poll(() => page.title(), { timeout: 30_000 }).toMatch(/^\(\d+\) Approvals/);
  });

  test('mine is what asks me, my groups or nobody by name; the title counts that', async () => {
    const others = await ask(refunds, { amount: 10, customer: 'Cleo' });
    const page = await stage().visit('/approvals');
    await page.getByRole('link', { name: /Refund 10 to Cleo\?/ }).waitFor();
    await page.getByRole('button', { name: 'Who are you?' }).click();
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('dan');
    await page.getByRole('dialog').getByLabel('Groups').fill('leads, support');
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'Mine', selected: true }).waitFor();
    await page.getByRole('link', { name: /Refund 10 to Cleo\?/ }).waitFor({ state: 'detached' });
    const counted = async (names: string) => (await stage().program.call('GET', `/api/approvals/count?${names}`)).body;
    const { count } = await counted('status=open&for=dan&for=leads&for=support');
    const marked = count > 0 ? new RegExp(`^\\(${count}\\) Approvals`) : /^Approvals/;
    await expect.poll(() => page.title(), { timeout: 30_000 }).toMatch(marked);
    await page.getByRole('tab', { name: 'All' }).click();
    await page.getByRole('link', { name: /Refund 10 to Cleo\?/ }).waitFor();
    await page.getByRole('tab', { name: 'Mine' }).click();
    await page.getByRole('button', { name: /dan, leads/ }).click();
    await page.getByRole('dialog').getByLabel('Groups').fill('finance');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /Refund 10 to Cleo\?/ }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'dan, finance' }).waitFor();
    await page.getByRole('link', { name: /Refund 10 to Cleo\?/ }).waitFor();
    await stage().program.call('POST', `/api/executions/${others}/cancel`, {});
  });

  test('passed on to others, it stays open and says by whom', async () => {
    const execution = await ask(refunds, { amount: 70, customer: 'Bo' });
    const page = await stage().visit('/approvals?workflow=refunds');
    await page.getByText('If nobody decides, head-of-finance is asked.').waitFor();
    await page.getByLabel('Who decides').fill('zoe');
    await page.getByRole('button', { name: 'Delegate' }).click();
    await page.getByLabel('To', { exact: true }).fill('chima, dina');
    await page.keyboard.press('Enter');
    await page.getByText('by zoe to chima, dina').waitFor();
    expect(await statusOf(execution)).toBe('waiting');
  });
});
