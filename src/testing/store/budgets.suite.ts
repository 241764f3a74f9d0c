import { describe, expect, test } from 'vitest';
import type { Store } from '../../ports/store.ts';
import { NOW, newId, nodeCompleted } from '../factories.ts';
import { DAY, ledgerSteps } from './ledger-steps.ts';

export function budgetSuite(store: () => Store): void {
  const { call, begun, commit, rule, set, shown, budgets } = ledgerSteps(store);
  const remove = (of: ReturnType<typeof rule>) => store().ledger.removeBudget(of);
  const today = new Date(NOW + 2).toISOString().slice(0, 10);

  describe('a budget of a call tree', () => {
    test('refuses what would pass it, says why, and the commit stands', async () => {
      const run = await begun();
      const name = `execution:${run.executionId}`;
      const accounts = [{ name, limit: 25 }];
      expect(await run.calls(call({ accounts }), call({ path: 'b', accounts }))).toEqual([]);
      expect(await run.calls(call({ path: 'c', accounts }), call({ path: 'd', accounts, estimate: 5 }))).toEqual([
        { path: 'c', account: name, limit: 25, spent: 0, reserved: 20, wanted: 10 },
      ]);
      expect((await run.rows()).map((one) => one.status)).toEqual(['open', 'open', 'refused', 'open']);
      expect(await store().executions.events(run.projectId, run.executionId, 3, 9)).toHaveLength(1);
    });

    test('has room again by what was settled, in the same commit too', async () => {
      const run = await begun();
      const accounts = [{ name: `execution:${run.executionId}`, limit: 20 }];
      await run.calls(call({ accounts, estimate: 20 }));
      const settles = [{ path: 'ask', outcome: 'paid', cost: 5 } as const];
      expect(await run.write({ settles, calls: [call({ attempt: 2, accounts, estimate: 15 })] })).toEqual([]);
      await run.settles({ path: 'ask', outcome: 'free' });
      expect(await run.calls(call({ accounts, attempt: 3, estimate: 16 }))).toMatchObject([{ spent: 5, reserved: 0 }]);
    });

    test('is shared by the executions that name it, and the first that lacks room is told', async () => {
      const [parent, child] = [await begun(), await begun()];
      const tree = { name: `execution:${parent.executionId}`, limit: 15 };
      const own = { name: `agent:${child.executionId}/ask`, limit: 12 };
      const sibling = await begun(parent.projectId);
      expect(await parent.calls(call({ accounts: [tree] }))).toEqual([]);
      expect(await sibling.calls(call({ accounts: [own, tree] }))).toMatchObject([
        { account: tree.name, reserved: 10 },
      ]);
      expect(await sibling.calls(call({ accounts: [own], estimate: 12 }))).toEqual([]);
      expect(await child.calls(call({ accounts: [tree] })), 'of another project').toEqual([]);
    });

    test('takes the newest limit, and each grant once', async () => {
      const run = await begun();
      const name = `execution:${run.executionId}`;
      const grants = [{ id: 'g1', amount: 5 }];
      const ask = (path: string, estimate: number, limit: number, more: object = {}) =>
        run.calls(call({ path, estimate, accounts: [{ name, limit, ...more }] }));
      expect(await ask('a', 10, 10)).toEqual([]);
      expect(await ask('b', 10, 20)).toEqual([]);
      expect(await ask('c', 6, 20, { grants })).toMatchObject([{ limit: 25 }]);
      expect(await ask('d', 5, 20, { grants })).toEqual([]);
      expect(await ask('e', 1, 20)).toMatchObject([{ limit: 25, reserved: 25 }]);
      expect(await ask('f', 3, 20, { grants: [...grants, { id: 'g2', amount: 3 }] })).toEqual([]);
      expect(await ask('g', 1, 5)).toMatchObject([{ limit: 13 }]);
    });

    test('never refuses what costs nothing, and counts one currency', async () => {
      const run = await begun();
      const accounts = [{ name: `execution:${run.executionId}`, limit: 0 }];
      expect(await run.calls(call({ accounts, estimate: 0 }))).toEqual([]);
      expect(await run.calls(call({ accounts, path: 'b', estimate: 1, currency: 'EUR' }))).toHaveLength(1);
      const twice = [accounts[0]!, accounts[0]!].map((one) => ({ ...one, limit: 10 }));
      expect(await run.calls(call({ accounts: twice, path: 'c' })), 'named twice').toEqual([]);
    });
  });

  describe('a budget of a rule', () => {
    test('counts what the books have already, and holds from the next call', async () => {
      const run = await begun();
      await run.calls(call({ estimate: 40 }), call({ path: 'b', estimate: 20 }));
      await run.settles({ path: 'ask', outcome: 'paid', cost: 30 });
      await set(rule(run.projectId));
      expect(await shown(run.projectId)).toEqual(['project: 30 + 20 of 100']);
      expect(await run.calls(call({ path: 'c', estimate: 51 }))).toMatchObject([
        { account: 'project', spent: 30, reserved: 20, limit: 100, wanted: 51 },
      ]);
      await run.settles({ path: 'b', outcome: 'paid', cost: 1 });
      expect(await run.calls(call({ path: 'd', estimate: 69 }))).toEqual([]);
      expect(await shown(run.projectId)).toEqual(['project: 31 + 69 of 100']);
    });

    test('changes and goes at once', async () => {
      const run = await begun();
      await set(rule(run.projectId, { limit: 5 }));
      expect(await run.calls(call())).toHaveLength(1);
      await set(rule(run.projectId, { limit: 10 }));
      expect(await run.calls(call({ attempt: 2 }))).toEqual([]);
      await set(rule(run.projectId, { limit: 3 }));
      expect(await run.calls(call({ path: 'b', estimate: 1 }))).toMatchObject([{ limit: 3, reserved: 10 }]);
      expect(await remove(rule(run.projectId))).toBe(true);
      expect(await remove(rule(run.projectId))).toBe(false);
      expect(await run.calls(call({ path: 'c', estimate: 999 }))).toEqual([]);
      await set(rule(run.projectId));
      expect(await shown(run.projectId), 'counted anew').toEqual(['project: 0 + 1009 of 100']);
    });

    test('is of a workflow, a session, a user; each has its own under `*`', async () => {
      const one = await begun();
      const two = await begun(one.projectId);
      const { projectId } = one;
      await one.calls(call({ path: 'before', session: 's1', estimate: 3 }));
      await set(rule(projectId, { scope: 'workflow', key: one.workflowId, limit: 13 }));
      await set(rule(projectId, { scope: 'session', limit: 13 }));
      await set(rule(projectId, { scope: 'session', key: 's2', limit: 50 }));
      await set(rule(projectId, { scope: 'user', key: 'ada', limit: 15 }));
      expect(await two.calls(call({ session: 's1', userId: 'ada' }))).toEqual([]);
      expect(await two.calls(call({ path: 'b', session: 's1', estimate: 1 }))).toMatchObject([
        { account: 'session:s1', reserved: 13 },
      ]);
      expect(await two.calls(call({ path: 'c', session: 's2', userId: 'ada' }))).toMatchObject([
        { account: 'user:ada' },
      ]);
      expect(await two.calls(call({ path: 'd', session: 's2', userId: 'bob', estimate: 50 }))).toEqual([]);
      expect(await two.calls(call({ path: 'e', session: 's3', estimate: 14 }))).toMatchObject([
        { account: 'session:s3', limit: 13, reserved: 0 },
      ]);
      expect(await one.calls(call({ path: 'f', estimate: 11 }))).toMatchObject([
        { account: `workflow:${one.workflowId}`, reserved: 3 },
      ]);
      const lines = await shown(projectId);
      expect(lines.filter((line) => !line.startsWith('session:s3'))).toEqual([
        `workflow:${one.workflowId}: 0 + 3 of 13`,
        'session:s1: 0 + 13 of 13',
        'session:s2: 0 + 50 of 50',
        'user:ada: 0 + 10 of 15',
      ]);
    });

    test('for each shows who has spent before any of them calls again, as do those of their own beside it', async () => {
      const run = await begun();
      const { projectId } = run;
      const paid = { path: 'ask', outcome: 'paid', cost: 7 } as const;
      await run.calls(call({ userId: 'ada', estimate: 9 }), call({ path: 'b', userId: 'bob' }), call({ path: 'c' }));
      await run.settles(paid);
      await run.calls(call({ path: 'd', userId: 'eve', currency: 'EUR' }));
      await set(rule(projectId, { scope: 'user', key: 'ada' }));
      await set(rule(projectId, { scope: 'user', limit: 50 }));
      expect(await shown(projectId)).toEqual(['user:bob: 0 + 10 of 50', 'user:ada: 7 + 0 of 100']);
      await remove(rule(projectId, { scope: 'user', key: 'ada' }));
      await set(rule(projectId, { scope: 'user', per: 'day', limit: 20 }));
      expect(await shown(projectId)).toEqual([
        'user:bob: 0 + 10 of 50',
        'user:ada: 7 + 0 of 50',
        `user:bob/${today}: 0 + 10 of 20`,
        `user:ada/${today}: 7 + 0 of 20`,
      ]);
      expect((await shown(projectId, NOW + DAY))[2]).toMatch(/^user:\*.* 0 \+ 0 of 20$/);
      await set(rule(projectId, { scope: 'user', key: 'ada' }));
      await remove(rule(projectId, { scope: 'user' }));
      expect((await shown(projectId))[0]).not.toContain('user:*');
      expect((await shown(projectId)).filter((line) => !line.includes(today))).toEqual(['user:ada: 7 + 0 of 100']);
    });

    test('of the day is new on the next, and a late result counts on its own day', async () => {
      const run = await begun();
      await set(rule(run.projectId, { per: 'day', limit: 10 }));
      await set(rule(run.projectId, { limit: 25 }));
      expect(await run.calls(call())).toEqual([]);
      expect(await run.calls(call({ path: 'b', estimate: 1 }))).toMatchObject([{ account: `project/${today}` }]);
      const later = { ...nodeCompleted(1), at: NOW + 2 + DAY };
      expect(await run.write({ events: [later], calls: [call({ path: 'c' })] })).toEqual([]);
      const settles = [{ path: 'ask', outcome: 'paid', cost: 4 } as const];
      expect(await run.write({ events: [later], settles })).toEqual([]);
      expect((await shown(run.projectId, NOW + 2))[1]).toBe(`project/${today}: 4 + 0 of 10`);
      expect((await shown(run.projectId, NOW + 2 + DAY))[0]).toBe('project: 4 + 10 of 25');
      expect((await shown(run.projectId, NOW + 2 + DAY))[1]).toMatch(/ 0 \+ 10 of 10$/);
    });

    test('counts its own currency; a rule that changes it counts anew', async () => {
      const run = await begun();
      await set(rule(run.projectId, { currency: 'EUR', limit: 10 }));
      expect(await run.calls(call({ estimate: 500 }))).toEqual([]);
      expect(await run.calls(call({ path: 'b', currency: 'EUR', estimate: 11 }))).toHaveLength(1);
      await set(rule(run.projectId, { limit: 600 }));
      expect(await shown(run.projectId)).toEqual(['project: 0 + 500 of 600']);
      expect(await run.calls(call({ path: 'c', currency: 'EUR', estimate: 11 }))).toEqual([]);
    });

    test('may be passed by calls that people let, by no more than they granted, each grant once', async () => {
      const run = await begun();
      const { projectId } = run;
      await set(rule(projectId, { limit: 15, per: 'day' }));
      await set(rule(projectId, { scope: 'user', limit: 15 }));
      await set(rule(projectId, { scope: 'session', key: 's', limit: 99 }));
      const day = `project/${today}`;
      const raises = [
        { account: day, id: 'g1', amount: 10 },
        { account: 'user:ada', id: 'g1', amount: 6 },
        { account: 'user:eve', id: 'g2', amount: 50 },
        { account: 'project', id: 'g3', amount: 50 },
      ];
      const of = { userId: 'ada', session: 's' };
      expect(await run.calls(call({ ...of }))).toEqual([]);
      expect(await run.calls(call({ ...of, path: 'b' }))).toMatchObject([{ account: day, limit: 15 }]);
      expect(await run.calls(call({ ...of, path: 'b', attempt: 2, raises }))).toEqual([]);
      expect(await run.calls(call({ ...of, path: 'c', estimate: 2, raises }))).toMatchObject([
        { account: 'user:ada', limit: 21, reserved: 20 },
      ]);
      const other = await begun(projectId);
      expect(await other.calls(call({ userId: 'bob', estimate: 1 }))).toMatchObject([{ account: day, limit: 15 }]);
      const more = [{ account: day, id: 'g4', amount: 5 }];
      const both = [call({ path: 'b', userId: 'bob', estimate: 6, raises: more }), call({ path: 'c', estimate: 1 })];
      expect(await other.calls(...both)).toMatchObject([{ path: 'c', account: day, limit: 15, reserved: 26 }]);
      expect(await run.calls(call({ path: 'd', estimate: 5, raises }))).toMatchObject([{ limit: 30, reserved: 26 }]);
      expect(await run.calls(call({ path: 'e', estimate: 4, raises }))).toEqual([]);
      const granted = async () => (await budgets(projectId)).map((one) => [one.account, one.limit, one.granted]);
      const all = [
        [day, 15, 15],
        ['session:s', 99, 0],
        ['user:ada', 15, 6],
        ['user:bob', 15, 0],
      ];
      expect(await granted()).toEqual(all);
      await set(rule(projectId, { scope: 'user', limit: 20 }));
      expect((await granted())[2], 'a limit that changes').toEqual(['user:ada', 20, 6]);
      await remove(rule(projectId, { scope: 'user' }));
      await set(rule(projectId, { scope: 'user', limit: 20 }));
      expect((await granted())[2], 'what was granted goes with the budget').toEqual(['user:ada', 20, 0]);
    });

    test('is of its project only; old days are forgotten and counted again', async () => {
      const [one, two] = [await begun(), await begun()];
      await set(rule(one.projectId, { limit: 0 }));
      expect(await two.calls(call())).toEqual([]);
      expect(await budgets(two.projectId)).toEqual([]);
      await set(rule(two.projectId, { per: 'day' }));
      await store().executions.tidy(NOW + 9 * DAY);
      await two.settles({ path: 'ask', outcome: 'paid', cost: 6 });
      expect(await shown(two.projectId, NOW + 2)).toEqual([`project/${today}: 6 + 0 of 100`]);
    });

    test('holds within a batch, in the order given', async () => {
      const projectId = newId();
      await set(rule(projectId, { limit: 25 }));
      const runs = await Promise.all([1, 2, 3].map(() => begun(projectId)));
      const results = await commit(...runs.map((run) => run.next({ calls: [call()] })));
      expect(results.map((one) => one.result === 'committed' && (one.short ?? []).length)).toEqual([0, 0, 1]);
      expect(await shown(projectId)).toEqual(['project: 0 + 20 of 25']);
    });

    test('is never exceeded by many at once, nor left unused', async () => {
      const projectId = newId();
      const runs = await Promise.all(Array.from({ length: 40 }, () => begun(projectId)));
      await set(rule(projectId, { limit: 205 }));
      await set(rule(projectId, { scope: 'user', limit: 60 }));
      const asked = await Promise.all(
        runs.map((run, n) => run.calls(call({ userId: `u${n % 4}` }), call({ path: 'b', userId: `u${(n + 1) % 4}` }))),
      );
      expect(asked.flat()).toHaveLength(60);
      expect((await budgets(projectId))[0]).toMatchObject({ reserved: 200, spent: 0 });
      await Promise.all(runs.map((run) => run.settles({ path: 'ask', outcome: 'paid', cost: 3 })));
      await Promise.all(runs.map((run) => run.settles({ path: 'b', outcome: 'free' })));
      const paid = (await store().ledger.usage({ projectId, by: 'project', limit: 1 }))[0];
      expect((await budgets(projectId))[0]).toMatchObject({ reserved: 0, spent: paid?.cost });
    });
  });
}
