/** What calls of models cost: by workflow, model, user…, and the budgets that hold them. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Coins } from 'lucide-react';
import type { UsageAnswer } from '../../../../src/contract/ledger.ts';
import { useApi, useApiAll } from '../../api/query.ts';
import { DateRange } from '../../components/date-range.tsx';
import { Empty } from '../../components/empty.tsx';
import { Select } from '../../components/field.tsx';
import { hasNone, Loaded } from '../../components/loaded.tsx';
import { count, money } from '../../components/money.ts';
import { Page } from '../../components/page.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { Budgets } from './budgets.tsx';

const route = getRouteApi('/money');

const GROUPS = ['workflow', 'model', 'day', 'session', 'user', 'execution', 'node', 'project'] as const;
type Group = (typeof GROUPS)[number];

export default function MoneyPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const by = GROUPS.find((one) => one === search.by) ?? 'workflow';
  const change = (filter: Partial<typeof search>) =>
    void navigate({ to: '/money', search: { ...search, ...filter }, replace: true });
  const usage = useApi('getUsage', { query: { by, from: search.from, to: search.to } }, { keep: true });
  const workflows = useApiAll('listWorkflows');
  const names = new Map(workflows.data?.items.map(({ id, name }) => [id, name]));
  const bar = (
    <>
      <Select
        aria-label="Added up by"
        value={by}
        onChange={(event) => change({ by: event.target.value })}
        options={GROUPS.map((one) => ({ value: one, label: `by ${one}` }))}
      />
      <DateRange what="Called" days={search} onChange={change} />
    </>
  );
  return (
    <Page title="Money" bar={bar} full>
      <div className="grid h-full min-h-0 grid-rows-[minmax(0,1fr)_auto] xl:grid-cols-[minmax(0,1fr)_22rem] xl:grid-rows-1">
        <div className="min-h-0 min-w-0">
          <Loaded
            query={usage}
            isEmpty={hasNone}
            empty={
              <Empty icon={<Coins size={20} />} title="No model has been asked yet">
                Each call of a model by an agent is on the books: its tokens, its cost, and who it was for.
              </Empty>
            }
          >
            {({ items }) => (
              <Table
                label="Costs"
                columns={columns(by, names)}
                rows={items}
                keyOf={({ key, currency }) => `${key} ${currency}`}
              />
            )}
          </Loaded>
        </div>
        <Budgets />
      </div>
    </Page>
  );
}

function columns(by: Group, names: ReadonlyMap<string, string>): Column<UsageAnswer>[] {
  return [
    {
      id: 'key',
      title: by,
      width: 'minmax(6rem, 1fr)',
      cell: ({ key }) => names.get(key) ?? (key || <span className="text-faint">none</span>),
    },
    { id: 'calls', title: 'Calls', width: '56px', align: 'right', cell: ({ calls }) => count(calls) },
    {
      id: 'in',
      title: 'Tokens in',
      width: '80px',
      align: 'right',
      wideOnly: true,
      cell: ({ inputTokens }) => count(inputTokens),
    },
    {
      id: 'out',
      title: 'Tokens out',
      width: '80px',
      align: 'right',
      wideOnly: true,
      cell: ({ outputTokens }) => count(outputTokens),
    },
    {
      id: 'unknown',
      title: <span title="Nobody saw their end; they count as their estimates">In doubt</span>,
      width: '64px',
      align: 'right',
      wideOnly: true,
      cell: ({ unknown }) =>
        unknown === 0 ? <span className="text-faint">–</span> : <span className="text-warn">{unknown}</span>,
    },
    {
      id: 'cost',
      title: 'Cost',
      width: '100px',
      align: 'right',
      cell: ({ cost, currency }) => <b className="font-medium tabular-nums">{money(cost, currency)}</b>,
    },
  ];
}
