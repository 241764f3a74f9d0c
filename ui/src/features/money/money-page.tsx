/** What calls of models cost: by workflow, model, user…, and the budgets that hold them. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Coins } from 'lucide-react';
import { useState } from 'react';
import type { UsageAnswer } from '../../../../src/contract/ledger.ts';
import { useApi, useApiAll } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
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

const FIRST = 100;
/** Groups that the API tells at most. */
const MOST = 1_000;

export default function MoneyPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const by = GROUPS.find((one) => one === search.by) ?? 'workflow';
  const change = (filter: Partial<typeof search>) =>
    void navigate({ to: '/money', search: { ...search, ...filter }, replace: true });
  const [most, setMost] = useState(FIRST);
  // One more than is shown says whether there are more.
  const query = { by, from: search.from, to: search.to, limit: Math.min(most + 1, MOST) };
  const usage = useApi('getUsage', { query }, { keep: true });
  const workflows = useApiAll('listWorkflows');
  const isNarrowed = Boolean(search.from || search.to);
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
              <Empty
                icon={<Coins size={20} />}
                title={isNarrowed ? 'No model was asked in these days' : 'No model has been asked yet'}
                action={
                  isNarrowed ? (
                    <Button onClick={() => change({ from: '', to: '' })}>Show all days</Button>
                  ) : (
                    <Link to="/settings" search={{ view: 'models' }} className="text-accent hover:underline">
                      To the models
                    </Link>
                  )
                }
              >
                Each call of a model by an agent is on the books: its tokens, its cost, and who it was for.
              </Empty>
            }
          >
            {({ items }) => (
              <div className="flex h-full min-h-0 flex-col">
                <div className="min-h-0 flex-1">
                  <Table
                    label="Costs"
                    columns={columns(by, names)}
                    rows={items.slice(0, most)}
                    keyOf={({ key, currency }) => `${key} ${currency}`}
                  />
                </div>
                {items.length > most && <More most={most} show={() => setMost(MOST - 1)} />}
              </div>
            )}
          </Loaded>
        </div>
        <Budgets />
      </div>
    </Page>
  );
}

/** The dearest come first, so what is left out costs less than the last that is shown. */
function More({ most, show }: { readonly most: number; readonly show: () => void }) {
  return (
    <p className="flex items-center gap-3 border-line border-t px-4 py-1.5 text-muted text-xs">
      There are more: these are the {most} dearest.
      {most < MOST - 1 && (
        <button type="button" className="text-accent hover:underline" onClick={show}>
          Show the {MOST - 1} dearest
        </button>
      )}
    </p>
  );
}

interface NamedProps {
  readonly by: Group;
  readonly name: string;
  readonly names: ReadonlyMap<string, string>;
}

/** A link to what the row is about, where there is a page for it. */
function Named({ by, name, names }: NamedProps) {
  if (name === '') return <span className="text-faint">none</span>;
  const look = 'text-accent hover:underline';
  if (by === 'workflow' && names.has(name))
    return (
      <Link to="/workflows/$id" params={{ id: name }} className={look}>
        {names.get(name)}
      </Link>
    );
  if (by === 'execution')
    return (
      <Link to="/executions/$id" params={{ id: name }} className={`${look} font-mono text-xs`}>
        {name}
      </Link>
    );
  if (by === 'session')
    return (
      <Link to="/sessions/$id" params={{ id: name }} className={look}>
        {name}
      </Link>
    );
  if (by === 'user')
    return (
      <Link to="/sessions" search={{ user: name }} className={look}>
        {name}
      </Link>
    );
  if (by === 'model')
    return (
      <Link to="/settings" search={{ view: 'models' }} className={look}>
        {name}
      </Link>
    );
  if (by === 'day')
    return (
      <Link to="/money" search={{ by: 'execution', from: name, to: dayAfter(name) }} className={look}>
        {name}
      </Link>
    );
  return name;
}

const DAY_MS = 86_400_000;
const dayAfter = (day: string): string => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);

function columns(by: Group, names: ReadonlyMap<string, string>): Column<UsageAnswer>[] {
  return [
    {
      id: 'key',
      title: by,
      width: 'minmax(6rem, 1fr)',
      cell: ({ key }) => <Named by={by} name={key} names={names} />,
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
