import { describe, expect, test } from 'vitest';
import type { UsageGroup } from '../../core/budget/accounts.ts';
import type { Store } from '../../ports/store.ts';
import { creation, FAILURE, following, NOW, newId, ownedCreation } from '../factories.ts';
import { ledgerSteps } from './ledger-steps.ts';

export function ledgerSuite(store: () => Store): void {
  const { call, begun, commit, rule, set, shown } = ledgerSteps(store);
  const ledger = () => store().ledger;

  describe('the books', () => {
    test('have a call from its dispatch to its result', async () => {
      const run = await begun();
      const { executionId, projectId, workflowId } = run;
      expect(await run.calls(call({ session: 'c-17', userId: 'ada', estimate: 50 }))).toEqual([]);
      const open = {
        ...{ id: `${executionId}/ask#1`, projectId, executionId, workflowId, path: 'ask', attempt: 1 },
        ...{ model: 'test:a', session: 'c-17', userId: 'ada', status: 'open', estimate: 50, currency: 'USD', cost: 0 },
        ...{ usage: null, responseId: null, startedAt: NOW + 2, settledAt: null },
      };
      expect(await run.rows()).toEqual([open]);
      const usage = { inputTokens: 10, outputTokens: 3, cachedTokens: 4 };
      await run.settles({ path: 'ask', outcome: 'paid', cost: 30, usage, model: 'test:b', responseId: 'r1' });
      const paid = { status: 'paid', cost: 30, usage, model: 'test:b', responseId: 'r1', settledAt: NOW + 2 };
      expect(await run.rows()).toEqual([{ ...open, ...paid }]);
    });

    test.each([
      [{ outcome: 'paid' as const, cost: 4 }, 4],
      [{ outcome: 'paid' as const }, 10],
      [{ outcome: 'free' as const }, 0],
      [{ outcome: 'unknown' as const }, 10],
    ])('%o counts as %i', async (settled, cost) => {
      const run = await begun();
      await run.calls(call());
      await run.settles({ path: 'ask', ...settled });
      expect(await run.rows()).toMatchObject([{ status: settled.outcome, cost, usage: null }]);
    });

    test('leave out what no open call has, and settle before they open', async () => {
      const run = await begun();
      await run.calls(call());
      await run.settles({ path: 'other', outcome: 'paid', cost: 3 });
      await run.write({ settles: [{ path: 'ask', outcome: 'free' }], calls: [call({ attempt: 2 })] });
      await run.settles({ path: 'ask', outcome: 'paid', cost: 3 });
      await run.settles({ path: 'ask', outcome: 'paid', cost: 9 });
      expect(await run.rows()).toMatchObject([
        { attempt: 1, status: 'free', cost: 0 },
        { attempt: 2, status: 'paid', cost: 3 },
      ]);
    });

    test('a path that calls anew leaves the call before as unknown', async () => {
      const run = await begun();
      await run.calls(call({ first: true }));
      await run.calls(call({ attempt: 2 }), call({ path: 'beside', first: true }));
      expect((await run.rows()).map(({ id, status }) => `${id.slice(37)} ${status}`)).toEqual([
        'ask#1 unknown',
        'ask#2 open',
        'beside#1 open',
      ]);
    });

    test('have nothing of a commit that is refused or a duplicate', async () => {
      const projectId = newId();
      const key = { key: 'a', expiresAt: NOW + 1e9 };
      await commit(creation({ projectId }, { key }));
      const again = creation({ projectId, calls: [call()] }, { key });
      const mine = ownedCreation(newId(), { projectId });
      await commit(mine);
      const stranger = following(mine, { writer: newId(), calls: [call()] });
      expect((await commit(again, stranger)).map((one) => one.result)).toEqual(['duplicate', 'refused']);
      expect(await ledger().usage({ projectId, by: 'project', limit: 10 })).toEqual([]);
    });

    test('take calls of an execution that begins with them, and of children', async () => {
      const projectId = newId();
      const child = creation({ projectId, calls: [call({ path: 'of child' })] });
      const run = await begun(projectId, { calls: [call()], children: [child] });
      expect(await run.rows()).toMatchObject([{ path: 'ask', workflowId: run.workflowId }]);
      expect(await ledger().calls(projectId, child.executionId)).toMatchObject([
        { path: 'of child', workflowId: child.create.workflowId },
      ]);
    });

    test('keep the id of an answer that is on its way, as long as the call is open', async () => {
      const run = await begun();
      await run.calls(call(), call({ path: 'other' }));
      expect(await ledger().noted(run.executionId, 'ask')).toBeUndefined();
      await ledger().note(run.executionId, 'ask', 'resp_1');
      await ledger().note(run.executionId, 'nowhere', 'resp_2');
      expect(await ledger().noted(run.executionId, 'ask')).toBe('resp_1');
      expect(await ledger().noted(run.executionId, 'other')).toBeUndefined();
      await run.settles({ path: 'ask', outcome: 'unknown' });
      expect(await ledger().noted(run.executionId, 'ask')).toBeUndefined();
      expect((await run.rows())[0]).toMatchObject({ responseId: 'resp_1' });
    });

    test('are read page by page, and by their own project only', async () => {
      const run = await begun();
      for (const path of ['a', 'b', 'c']) await run.calls(call({ path }));
      const page = (offset: number) => ledger().calls(run.projectId, run.executionId, { offset, limit: 2 });
      expect((await page(0)).map((one) => one.path)).toEqual(['a', 'b']);
      expect((await page(2)).map((one) => one.path)).toEqual(['c']);
      expect(await ledger().calls(newId(), run.executionId)).toEqual([]);
    });

    test('outlive an execution that is deleted; what it had open counts as its estimate', async () => {
      const run = await begun();
      await set(rule(run.projectId));
      const name = `execution:${run.executionId}`;
      await run.calls(call({ estimate: 60, accounts: [{ name, limit: 1_000, grants: [{ id: 'g', amount: 5 }] }] }));
      await run.end();
      expect(await store().executions.delete(run.projectId, run.executionId)).toBe(true);
      expect(await run.rows()).toMatchObject([{ status: 'unknown', cost: 60 }]);
      expect(await shown(run.projectId)).toEqual(['project: 60 + 0 of 100']);
    });

    test('count what a corrupt execution had open as its estimate', async () => {
      const run = await begun();
      await set(rule(run.projectId));
      await run.calls(call({ estimate: 60 }), call({ path: 'b', estimate: 7 }));
      await store().executions.quarantine(run.executionId, FAILURE);
      expect(await run.rows()).toMatchObject([{ status: 'unknown' }, { status: 'unknown' }]);
      expect(await shown(run.projectId)).toEqual(['project: 67 + 0 of 100']);
    });
  });

  describe('usage', () => {
    /** Two executions: 7 + 20 spent, 5 reserved, one refused. */
    async function spent() {
      const one = await begun();
      const usage = { inputTokens: 100, outputTokens: 10, cachedTokens: 40 };
      await one.calls(call({ path: 'each[0]/ask', session: 's1', userId: 'ada' }));
      await one.settles({ path: 'each[0]/ask', outcome: 'paid', cost: 7, usage });
      await one.calls(call({ path: 'each[1]/ask', session: 's1', estimate: 5 }));
      const two = await begun(one.projectId);
      await two.calls(call({ model: 'test:b', userId: 'bob', estimate: 20 }));
      await two.settles({ path: 'ask', outcome: 'unknown' });
      await two.calls(call({ accounts: [{ name: `execution:${two.executionId}`, limit: 1 }] }));
      return { one, two, projectId: one.projectId };
    }

    test('adds up what calls did cost and what is reserved', async () => {
      const { projectId } = await spent();
      const tokens = { inputTokens: 100, outputTokens: 10, cachedTokens: 40 };
      expect(await ledger().usage({ projectId, by: 'project', limit: 10 })).toEqual([
        { key: '', currency: 'USD', calls: 3, unknown: 1, ...tokens, cost: 27, reserved: 5 },
      ]);
    });

    test('is grouped, the dearest first', async () => {
      const { projectId, one, two } = await spent();
      const by = async (group: UsageGroup) =>
        (await ledger().usage({ projectId, by: group, limit: 10 })).map((row) => [row.key, row.cost, row.reserved]);
      expect(await by('workflow')).toEqual([
        [two.workflowId, 20, 0],
        [one.workflowId, 7, 5],
      ]);
      expect((await by('execution')).map(([key]) => key)).toEqual([two.executionId, one.executionId]);
      expect(await by('node')).toEqual([
        ['ask', 20, 0],
        ['each/ask', 7, 5],
      ]);
      expect(await by('session')).toEqual([
        ['', 20, 0],
        ['s1', 7, 5],
      ]);
      expect(await by('user')).toEqual([
        ['bob', 20, 0],
        ['ada', 7, 0],
        ['', 0, 5],
      ]);
      expect(await by('model')).toEqual([
        ['test:b', 20, 0],
        ['test:a', 7, 5],
      ]);
      const at = new Date(NOW + 2).toISOString();
      expect(await by('day')).toEqual([[at.slice(0, 10), 27, 5]]);
      expect(await by('hour')).toEqual([[`${at.slice(0, 13)}:00:00.000Z`, 27, 5]]);
    });

    test('is filtered, and bounded', async () => {
      const { projectId, one, two } = await spent();
      const cost = async (filter: object) =>
        (await ledger().usage({ projectId, by: 'user', limit: 10, ...filter })).reduce((sum, row) => sum + row.cost, 0);
      expect(await cost({ workflowId: one.workflowId })).toBe(7);
      expect(await cost({ executionIds: [two.executionId] })).toBe(20);
      expect(await cost({ executionIds: [one.executionId, two.executionId, newId()] })).toBe(27);
      expect(await cost({ executionIds: [] })).toBe(0);
      expect(await cost({ session: 's1' })).toBe(7);
      expect(await cost({ userId: 'bob' })).toBe(20);
      expect(await cost({ model: 'test:b' })).toBe(20);
      expect(await cost({ from: NOW + 3 })).toBe(0);
      expect(await cost({ from: NOW + 2, to: NOW + 3 })).toBe(27);
      expect(await cost({ to: NOW + 2 })).toBe(0);
      expect(await cost({ limit: 1 })).toBe(20);
      expect(await ledger().usage({ projectId: newId(), by: 'user', limit: 10 })).toEqual([]);
    });

    test('keeps currencies apart', async () => {
      const run = await begun();
      await run.calls(call(), call({ path: 'b', currency: 'EUR', estimate: 9 }));
      expect(await ledger().usage({ projectId: run.projectId, by: 'project', limit: 10 })).toMatchObject([
        { currency: 'USD', reserved: 10 },
        { currency: 'EUR', reserved: 9 },
      ]);
    });
  });
}
