/** What agents did: a row for each over the days chosen, or, of one agent, a row for each day. */
import { Link, useNavigate } from '@tanstack/react-router';
import { ChartNoAxesColumn } from 'lucide-react';
import type { AgentPerformance } from '../../../../src/contract/sessions.ts';
import { NANOS } from '../../../../src/core/money.ts';
import { useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { hasNone, Loaded } from '../../components/loaded.tsx';
import { count, money } from '../../components/money.ts';
import { span } from '../../components/spans.ts';
import { type Column, Table } from '../../components/table.tsx';
import { byAgent, type Figures } from './agent-figures.ts';
import { useCurrency } from './currency.ts';
import { agentsRequest, MOST_DAYS, type SessionSearch } from './session-search.ts';

interface AgentsViewProps {
  readonly search: SessionSearch;
  readonly change: (part: SessionSearch) => void;
}

export function AgentsView({ search, change }: AgentsViewProps) {
  const navigate = useNavigate();
  const { agent, from, to } = search;
  const days = useApi('getAgentPerformance', agentsRequest(search), { keep: true });
  const figures = figuresIn(useCurrency());
  const isFiltered = [agent, from, to].some(Boolean);
  const empty = (
    <Empty
      icon={<ChartNoAxesColumn size={20} />}
      title={isFiltered ? 'No agent did anything then' : 'No agent has worked yet'}
      action={
        isFiltered ? (
          <Button onClick={() => change({ agent: '', from: '', to: '' })}>Show all</Button>
        ) : (
          <Link to="/templates" className="text-accent hover:underline">
            To the templates
          </Link>
        )
      }
    >
      {isFiltered
        ? undefined
        : 'An agent node with a session adds to its figures here day by day: calls, tokens, cost, failures and times.'}
    </Empty>
  );
  return (
    <Loaded query={days} isEmpty={hasNone} empty={empty}>
      {({ items }) => (
        <div className="flex h-full min-h-0 flex-col">
          {items.length === MOST_DAYS && (
            <p role="status" className="border-line border-b bg-warn-soft px-4 py-2 md:px-6">
              Only the latest {MOST_DAYS.toLocaleString()} rows of an agent and a day are here. Choose fewer days.
            </p>
          )}
          <div className="min-h-0 flex-1">
            {agent ? (
              <Table<AgentPerformance>
                label={`Days of ${agent}`}
                columns={[DAY, ...figures]}
                // Until those of the agent are there, the rows are those of all.
                rows={items.filter((row) => row.agent === agent)}
                keyOf={({ day }) => day}
              />
            ) : (
              <Table
                label="Agents"
                columns={[AGENT, ...figures]}
                rows={byAgent(items)}
                keyOf={(row) => row.agent}
                onOpen={(row) => void navigate({ to: '/sessions', search: { ...search, agent: row.agent } })}
              />
            )}
          </div>
        </div>
      )}
    </Loaded>
  );
}

const AGENT: Column<Figures> = { id: 'agent', title: 'Agent', width: 'minmax(6rem, 1fr)', cell: ({ agent }) => agent };

const DAY: Column<AgentPerformance> = {
  id: 'day',
  title: <span title="In UTC">Day</span>,
  width: 'minmax(6rem, 1fr)',
  cell: ({ day }) => <time dateTime={day}>{day}</time>,
};

const figuresIn = (currency: string): readonly Column<Figures>[] => [
  number('sessions', 'Sessions', '64px', ({ sessions }) => sessions),
  number('messages', 'Messages', '72px', ({ messages }) => messages),
  {
    id: 'models',
    title: 'Model calls',
    width: '132px',
    align: 'right',
    cell: ({ modelCalls, failedModelCalls }) => <Calls all={modelCalls} failed={failedModelCalls} />,
  },
  {
    id: 'tools',
    title: 'Tool calls',
    width: '132px',
    align: 'right',
    wideOnly: true,
    cell: ({ toolCalls, failedToolCalls }) => <Calls all={toolCalls} failed={failedToolCalls} />,
  },
  number('in', 'Tokens in', '76px', ({ inputTokens }) => inputTokens),
  number('out', 'Tokens out', '76px', ({ outputTokens }) => outputTokens),
  {
    id: 'latency',
    title: <span title="Of a model, on average">A call takes</span>,
    width: '84px',
    align: 'right',
    wideOnly: true,
    cell: ({ averageLatencyMs }) =>
      averageLatencyMs === null ? (
        <span className="text-faint">–</span>
      ) : (
        <span className="tabular-nums">{span(averageLatencyMs)}</span>
      ),
  },
  {
    id: 'cost',
    title: 'Cost',
    width: '84px',
    align: 'right',
    cell: ({ cost }) => <b className="font-medium tabular-nums">{money(cost / NANOS, currency)}</b>,
  },
];

/** A plain number, where there is room for it. */
function number(id: string, title: string, width: string, value: (row: Figures) => number): Column<Figures> {
  return {
    ...{ id, title, width, align: 'right', wideOnly: true },
    cell: (row) => <span className="tabular-nums">{count(value(row))}</span>,
  };
}

function Calls({ all, failed }: { readonly all: number; readonly failed: number }) {
  return (
    <span className="tabular-nums">
      {count(all)}
      {failed > 0 && <span className="text-bad"> · {count(failed)} failed</span>}
    </span>
  );
}
