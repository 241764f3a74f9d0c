/** What the suites of the books have in common: a project of its own, calls and what became of them. */
import type { BudgetRule, NewCall, SettledCall } from '../../ports/ledger.ts';
import type { Commit, Store } from '../../ports/store.ts';
import { following, NOW, newId, ownedCreation } from '../factories.ts';

export const DAY = 86_400_000;

export function ledgerSteps(store: () => Store) {
  const commit = async (...commits: Commit[]) => await store().executions.commit(commits);
  const call = (over: Partial<NewCall> = {}): NewCall => ({
    ...{ path: 'ask', attempt: 1, model: 'test:a', estimate: 10, currency: 'USD', accounts: [] },
    ...{ session: null, userId: null },
    ...over,
  });
  const rule = (projectId: string, over: Partial<BudgetRule> = {}): BudgetRule => ({
    ...{ projectId, scope: 'project', key: '*', per: 'total', limit: 100, currency: 'USD' },
    ...over,
  });

  /** An execution that is at work; each step is a commit of its owner. */
  async function begun(projectId = newId(), over: Partial<Commit> = {}) {
    const first = ownedCreation(newId(), { projectId, ...over });
    await commit(first);
    let last: Commit = first;
    const next = (more: Partial<Commit>) => {
      last = following(last, more);
      return last;
    };
    const { executionId } = first;
    const { workflowId } = first.create;
    /** The shortages of the commit. */
    const write = async (more: Partial<Commit>) => {
      const [result] = await commit(next(more));
      if (result?.result !== 'committed') throw new Error(`The commit was ${result?.result}.`);
      return result.short ?? [];
    };
    return {
      ...{ projectId, executionId, workflowId, next, write },
      calls: (...calls: NewCall[]) => write({ calls }),
      settles: (...settles: SettledCall[]) => write({ settles }),
      rows: () => store().ledger.calls(projectId, executionId),
      end: () => write({ status: 'completed', owner: null, finishedAt: NOW }),
    };
  }
  const budgets = (projectId: string, now = NOW) => store().ledger.budgets(projectId, now);
  const set = (of: BudgetRule) => store().ledger.setBudget(of, NOW);
  /** `account: spent + reserved of limit`. */
  const shown = async (projectId: string, now = NOW) =>
    (await budgets(projectId, now)).map(
      ({ account, spent, reserved, limit }) => `${account}: ${spent} + ${reserved} of ${limit}`,
    );
  return { commit, call, rule, begun, budgets, set, shown };
}
