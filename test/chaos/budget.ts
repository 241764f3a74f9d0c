/**
 * 200 children that spend from one budget at the same time, while their server is killed: together they never spend
 * more than it has, by the count of the provider and by the books.
 */
import { connect } from '../program/database.ts';
import { deploy, settled } from './campaign.ts';
import { loopAgent, openStage } from './ledger.ts';

export interface BudgetReport {
  readonly children: number;
  readonly kills: number;
  /** In nanos, as all here. */
  readonly limit: number;
  /** By the books, lost calls at their estimates. */
  readonly spent: number;
  /** By the tokens that the provider answered with, those that nobody saw included. */
  readonly charged: number;
  readonly completed: number;
  /** Children that the budget stopped. */
  readonly stopped: number;
  readonly faults: readonly string[];
}

/** Less than all children need; each kill costs the estimates of the calls that it cuts off. */
const LIMIT = 1;

/** Budgets of the project that all children fall under; the answer has what each came to, in units. */
export async function ruledCampaign({ children, kills }: { children: number; kills: number }) {
  const { program, provider, close } = await openStage();
  try {
    await program.start();
    const own = { session: 's{{ $trigger.n % 4 }}', user: 'u{{ $trigger.n % 3 }}' };
    await deploy(program, loopAgent('child', {}, own));
    const rules = [
      ...[
        { scope: 'project', limit: 0.5 },
        { scope: 'project', per: 'day', limit: 0.4 },
      ],
      ...[
        { scope: 'session', limit: 0.08 },
        { scope: 'user', per: 'day', limit: 0.1 },
      ],
      { scope: 'workflow', key: 'child', limit: 0.45 },
    ];
    for (const rule of rules) await program.call('PUT', '/api/budgets', rule);
    const inputs = Array.from({ length: children }, (_, n) => ({ n }));
    await program.call('POST', '/api/workflows/child/execute', { inputs });
    for (let kill = 0; kill < kills; kill++) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_500));
      await program.kill();
      await program.start();
    }
    await settled(program, 180_000, () => program.output);
    const { body } = await program.call('GET', '/api/budgets');
    const items: { account: string; limit: number; spent: number; reserved: number }[] = body.items;
    const spent = items.find(({ account }) => account === 'project')?.spent ?? 0;
    const charged = (provider.counts().tokens * 1_000) / 1e9;
    const faults = items.flatMap((one) => {
      const { account, limit } = one;
      if (one.spent > limit) return [`${account} spent ${one.spent} of ${limit}`];
      return one.reserved === 0 ? [] : [`${one.reserved} of ${account} are still reserved`];
    });
    if (charged > spent) faults.push(`the provider charged ${charged}, the books have ${spent}`);
    // Four sessions have 0.08 each, three users 0.1 each a day: the users come to their end first.
    if (spent < 0.2) faults.push(`only ${spent} was spent, so no budget was at its end`);
    return { items, faults };
  } finally {
    await close();
  }
}

export async function budgetCampaign(options: {
  readonly children: number;
  readonly kills: number;
}): Promise<BudgetReport> {
  const { children, kills } = options;
  const { program, provider, close } = await openStage();
  try {
    await program.start();
    await deploy(program, loopAgent('child'));
    const start = { id: 'start', type: 'workflow', config: { workflow: 'child' } };
    const items = Array.from({ length: children }, (_, n) => n);
    const config = { items, limit: 1_000, onItemError: 'collect', body: { nodes: [start] } };
    await deploy(program, { name: 'parent', settings: { budget: LIMIT }, nodes: [{ id: 'all', type: 'map', config }] });
    const { body } = await program.call('POST', '/api/workflows/parent/execute', { input: {} });
    for (let kill = 0; kill < kills; kill++) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_500));
      await program.kill();
      await program.start();
    }
    await settled(program, 180_000, () => program.output);
    const sql = connect(program);
    try {
      const name = `execution:${body.executionId}`;
      const [account] = await sql`select amount, spent, reserved from budget_accounts where name = ${name}`;
      const [books] = await sql`select coalesce(sum(cost), 0)::bigint as cost from model_calls`;
      const ends = await sql`select status, error->>'code' as code, count(*)::int as n from workflow_executions
                              where parent_id is not null group by 1, 2`;
      const limit = Number(account?.amount);
      const [spent, reserved, cost] = [account?.spent, account?.reserved, books?.cost].map(Number) as [
        number,
        number,
        number,
      ];
      // A token is a micro-dollar.
      const charged = provider.counts().tokens * 1_000;
      const count = (is: (row: { status: string; code: string | null }) => boolean) =>
        ends.filter((row) => is(row as never)).reduce((sum, row) => sum + row.n, 0);
      const completed = count(({ status }) => status === 'completed');
      const stopped = count(({ code }) => code === 'budget_exceeded');
      const faults = [
        ...(limit === LIMIT * 1e9 ? [] : [`the limit is ${limit}`]),
        ...(spent > limit ? [`the books spent ${spent} of ${limit}`] : []),
        ...(charged > limit ? [`the provider charged ${charged} of ${limit}`] : []),
        ...(charged > spent ? [`the provider charged ${charged}, the books have ${spent}`] : []),
        ...(reserved !== 0 ? [`${reserved} are still reserved`] : []),
        ...(cost !== spent ? [`the calls cost ${cost}, the budget has ${spent}`] : []),
        ...(completed + stopped === children ? [] : [`${completed} completed and ${stopped} stopped of ${children}`]),
        ...(stopped > 0 ? [] : ['the budget stopped nobody']),
        ...(charged > limit / 10 ? [] : [`the provider charged ${charged} only`]),
      ];
      return { children, kills, limit, spent, charged, completed, stopped, faults };
    } finally {
      await sql.end();
    }
  } finally {
    await close();
  }
}
