/** What the suite cannot see: several processes on one budget, each with connections of its own. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Commit, Store } from '../../ports/store.ts';
import { following, NOW, newId, ownedCreation } from '../../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../../testing/postgres.ts';
import { ledgerSteps } from '../../testing/store/ledger-steps.ts';
import { ruledProjects } from './ruled-projects.ts';
import { openPool, type Pool } from './sql.ts';
import { openPostgresStore } from './store.ts';

let database: TestDatabase;
let stores: Store[];
let sql: Pool;

beforeEach(async () => {
  database = await testDatabase();
  stores = await Promise.all([1, 2, 3].map(() => openPostgresStore(database.url)));
  sql = openPool(database.url, { max: 1 });
});
afterEach(async () => {
  await sql.end();
  await Promise.all(stores.map((store) => store.close()));
  await database.drop();
});

const { call, rule } = ledgerSteps(() => stores[0]!);
const storeOf = (n: number) => stores[n % stores.length]!;

/** Executions at work, in one project. */
async function runs(projectId: string, count: number): Promise<Commit[]> {
  const all = Array.from({ length: count }, () => ownedCreation(newId(), { projectId }));
  await stores[0]!.executions.commit(all);
  return all;
}

const isShort = (result: { result: string; short?: readonly unknown[] } | undefined) => result?.short !== undefined;

test('many commits of several processes fill a budget to within one call, and never exceed it', async () => {
  const projectId = newId();
  const all = await runs(projectId, 150);
  await stores[0]!.ledger.setBudget(rule(projectId, { limit: 1_000 }), NOW);
  const accounts = [{ name: `execution:${all[0]!.executionId}`, limit: 900 }];
  const results = await Promise.all(
    all.map(async (one, n) => {
      const estimate = 7 + (n % 5);
      const { executions } = storeOf(n);
      const next = following(one, { calls: [call({ estimate, accounts: n % 2 === 0 ? accounts : [] })] });
      const [asked] = await executions.commit([next]);
      if (isShort(asked)) return;
      const settles = [{ path: 'ask', outcome: 'paid', cost: estimate - (n % 3) } as const];
      await executions.commit([following(next, { settles, calls: [call({ path: 'more', estimate })] })]);
    }),
  );
  expect(results).toHaveLength(150);
  const [books] = await sql`
    select (sum(cost) + coalesce(sum(estimate) filter (where status = 'open'), 0))::int as used,
           count(*) filter (where status = 'refused')::int as refused
      from model_calls where project_id = ${projectId}`;
  const [budget] = await stores[1]!.ledger.budgets(projectId, NOW);
  expect(budget!.spent + budget!.reserved).toBe(books!.used);
  expect(books!.used).toBeLessThanOrEqual(1_000);
  expect(books!.used).toBeGreaterThan(1_000 - 12);
  expect(books!.refused).toBeGreaterThan(0);
});

test('a rule that comes, changes and goes while calls go on misses none of them', async () => {
  const projectId = newId();
  const all = await runs(projectId, 90);
  const keys = ['s0', 's1', 's2'];
  const rules = [rule(projectId, { limit: 1e9 }), rule(projectId, { scope: 'session', limit: 1e9 })];
  const work = all.map(async (one, n) => {
    const { executions } = storeOf(n);
    const asked = following(one, { calls: [call({ session: keys[n % 3]!, estimate: 10 })] });
    await executions.commit([asked]);
    const settles = n % 4 === 0 ? [] : [{ path: 'ask', outcome: 'paid', cost: 3 } as const];
    const again = [call({ path: 'again', session: keys[(n + 1) % 3]!, estimate: 5 })];
    await executions.commit([following(asked, { settles, calls: again })]);
  });
  const changes = async () => {
    for (let n = 0; n < 8; n++) {
      for (const one of rules) {
        if (n % 4 === 2) await storeOf(n).ledger.removeBudget(one);
        else await storeOf(n).ledger.setBudget({ ...one, limit: 1e9 + n }, NOW);
      }
    }
  };
  await Promise.all([...work, changes()]);
  // One more for each key, so that each has its account.
  const last = await runs(projectId, 3);
  await Promise.all(
    last.map((one, n) => storeOf(n).executions.commit([following(one, { calls: [call({ session: keys[n]! })] })])),
  );
  const sums = await sql`
    select coalesce(session, 'project') as key, sum(cost)::int as spent,
           coalesce(sum(estimate) filter (where status = 'open'), 0)::int as reserved
      from model_calls where project_id = ${projectId} group by rollup (session)`;
  const budgets = await stores[2]!.ledger.budgets(projectId, NOW);
  const seen = budgets.map(({ account, spent, reserved }) => [account.replace('session:', ''), spent, reserved]);
  expect(seen.sort()).toEqual(sums.map(({ key, spent, reserved }) => [key, spent, reserved]).sort());
});

test('without rules and budgets no account is made, and a commit without calls writes nothing of money', async () => {
  const projectId = newId();
  const [one] = (await runs(projectId, 1)) as [Commit];
  const first = following(one, { calls: [call()] });
  await stores[0]!.executions.commit([first]);
  await stores[0]!.executions.commit([following(first, { settles: [{ path: 'ask', outcome: 'free' }] })]);
  expect((await sql`select count(*)::int as count from budget_accounts`)[0]?.count).toBe(0);
  expect((await sql`select status from model_calls`).map((row) => row.status)).toEqual(['free']);
});

test('a process asks once whether a project has budgets, so that no call is refused for those of another', async () => {
  const [projectId, free] = [newId(), newId()];
  await stores[0]!.ledger.setBudget(rule(projectId), NOW);
  const ruled = ruledProjects(sql);
  expect(await ruled.hasAny([free])).toBe(false);
  expect(await ruled.hasAny([free, projectId])).toBe(true);
  expect(await ruled.hasAny([])).toBe(false);
  await sql`delete from budget_rules where project_id = ${projectId}`;
  expect(await ruled.hasAny([projectId])).toBe(true);
  ruled.add(free);
  expect(await ruled.hasAny([free])).toBe(true);
});
