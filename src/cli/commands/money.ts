/** `usage`, `budgets` and `calls`: what was spent, how much may be, and on what. */
import { Argument, Option } from 'commander';
import { BUDGET_SCOPES, type BudgetScope, USAGE_GROUPS } from '../../core/budget/accounts.ts';
import { formatNanos, toNanos } from '../../core/money.ts';
import type { Budget, BudgetPlace, UsageQuery } from '../../sdk/index.ts';
import type { Context } from '../context.ts';
import { EXIT, usage } from '../exit.ts';
import type { AddCommand } from '../run-command.ts';
import { table, withoutEmpty } from '../table.ts';
import { moment } from '../text.ts';

const money = (amount: number, currency: string): string => `${formatNanos(toNanos(amount))} ${currency}`;

export const addUsage: AddCommand = (program, run) => {
  program
    .command('usage')
    .description('Show what calls of models cost, the dearest first')
    .addOption(new Option('--by <group>', 'what to add up by').choices(USAGE_GROUPS).default('workflow'))
    .option('--from <time>', 'calls that began at this time or later')
    .option('--to <time>', 'calls that began before this time')
    .option('--workflow <workflow>', 'id or name')
    .option('--execution <id>')
    .option('--session <key>')
    .option('--user <id>')
    .option('--model <name>')
    .action(
      run(async (context, { json: _, ...query }: UsageQuery & { json?: boolean }) => {
        const found = await context.client().usage(query);
        const { style, width } = context;
        const isNamed = !context.json && (query.by ?? 'workflow') === 'workflow' && found.length > 0;
        const names = isNamed ? await workflowNames(context) : new Map<string, string>();
        const rows = found.map(({ key, currency, calls, unknown, inputTokens, outputTokens, cost, reserved }) => [
          money(cost, currency),
          reserved === 0 ? '' : money(reserved, currency),
          `${calls}${unknown === 0 ? '' : ` (${unknown} unknown)`}`,
          String(inputTokens),
          String(outputTokens),
          { text: key === '' ? '(none)' : (names.get(key) ?? key), paint: style.bold },
        ]);
        const head = ['COST', 'RESERVED', 'CALLS', 'TOKENS IN', 'OUT', (query.by ?? 'workflow').toUpperCase()];
        if (context.json) context.give(found);
        else if (found.length === 0) context.remark('No model was called.');
        else context.say(...table(...withoutEmpty(head, rows), style, width));
        return EXIT.ok;
      }),
    );
};

/** By id, of the workflows that there still are. */
async function workflowNames({ client }: Context): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (let cursor: string | undefined; ; ) {
    const page = await client().workflows.list({ limit: 200, cursor });
    for (const { id, name } of page.items) names.set(id, name);
    if (page.nextCursor === null) return names;
    cursor = page.nextCursor;
  }
}

export const addCalls: AddCommand = (program, run) => {
  program
    .command('calls')
    .argument('<execution>', 'id')
    .description('List the calls of models of an execution, up to 200')
    .action(
      run(async (context, id: string) => {
        const { items, nextCursor } = await context.client().executions.calls(id, { limit: 200 });
        const { style, width } = context;
        const colors = {
          open: style.yellow,
          refused: style.red,
          unknown: style.red,
          paid: style.green,
          free: style.dim,
        };
        const rows = items.map(({ path, attempt, model, status, cost, estimate, usage, currency, startedAt }) => [
          { text: `${path}#${attempt}`, paint: style.bold },
          { text: status, paint: colors[status] },
          money(status === 'open' || status === 'refused' ? estimate : cost, currency),
          usage === null ? '' : `${usage.inputTokens} + ${usage.outputTokens}`,
          moment(startedAt),
          model,
        ]);
        if (context.json) context.give(items);
        else if (items.length === 0) context.remark('It called no model.');
        else
          context.say(
            ...table(['CALL', 'STATUS', 'COST', 'TOKENS IN + OUT', 'BEGAN (UTC)', 'MODEL'], rows, style, width),
          );
        if (nextCursor !== null && !context.json) context.remark('There are more; the API has them all.');
        return EXIT.ok;
      }),
    );
};

interface BudgetOptions {
  readonly per?: 'total' | 'day';
  readonly currency?: string;
}

export const addBudgets: AddCommand = (program, run) => {
  program
    .command('budgets')
    .description('List the budgets with what is spent; `set SCOPE[:KEY] LIMIT` sets one, `remove SCOPE[:KEY]` ends it')
    .addArgument(new Argument('[action]').choices(['set', 'remove']))
    .argument('[scope]', 'project, workflow:NAME, session:KEY or user:ID; without a key, each has the limit of its own')
    .argument('[limit]', 'in units of the currency, such as 12.5')
    .addOption(new Option('--per <time>', 'total, or anew each day (UTC)').choices(['total', 'day']))
    .option('--currency <code>', 'default USD')
    .action(
      run(
        async (
          context,
          action: string | undefined,
          scope: string | undefined,
          limit: string | undefined,
          o: BudgetOptions,
        ) => {
          const { budgets } = context.client();
          if (action === 'remove') {
            const place = placeOf(scope, o);
            await budgets.remove(place);
            if (context.json) context.give({ removed: place });
            else context.say(`${scope} has no budget any more`);
            return EXIT.ok;
          }
          const found =
            action === 'set'
              ? await budgets.set({ ...placeOf(scope, o), limit: amountOf(limit), currency: o.currency })
              : await budgets.list();
          if (context.json) context.give(found);
          else if (found.length === 0) context.remark('There is no budget: calls cost what they cost.');
          else context.say(...lines(found, await namesIn(found, context), context));
          return EXIT.ok;
        },
      ),
    );
};

function placeOf(text: string | undefined, { per }: BudgetOptions): BudgetPlace {
  const [, scope = '', key] = /^([^:]*)(?::(.*))?$/s.exec(text ?? '') ?? [];
  const known = BUDGET_SCOPES.find((one): one is BudgetScope => one === scope);
  if (known !== undefined) return { scope: known, key: key || undefined, per };
  throw usage(`Name what the budget is for: ${BUDGET_SCOPES.join(', ')}, such as user:ada.`);
}

function amountOf(text: string | undefined): number {
  const amount = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(amount) && amount >= 0) return amount;
  throw usage('The limit is a number in units of the currency, 0 or more, such as 12.5.');
}

/** The names that a list of budgets needs. */
async function namesIn(found: readonly Budget[], context: Context): Promise<ReadonlyMap<string, string>> {
  return found.some(({ scope }) => scope === 'workflow') ? await workflowNames(context) : new Map();
}

function lines(
  found: readonly Budget[],
  names: ReadonlyMap<string, string>,
  { style, width }: Pick<Context, 'style' | 'width'>,
): string[] {
  const told = (account: string) =>
    account.replace(/^workflow:([^/]*)/, (all, id) => (names.has(id) ? `workflow:${names.get(id)}` : all));
  const rows = found.map(({ account, per, limit, granted, spent, reserved, currency }) => [
    { text: told(account), paint: spent + reserved >= limit ? style.red : style.bold },
    per,
    money(spent, currency),
    reserved === 0 ? '' : money(reserved, currency),
    money(limit, currency),
    granted === 0 ? '' : money(granted, currency),
  ]);
  return table(...withoutEmpty(['BUDGET', 'PER', 'SPENT', 'RESERVED', 'LIMIT', 'GRANTED'], rows), style, width);
}
