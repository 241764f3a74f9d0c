/** Which executions are shown; all of it stands in the address, several statuses with commas between them. */
import { useNavigate } from '@tanstack/react-router';
import clsx from 'clsx';
import { ListFilter } from 'lucide-react';
import { useState } from 'react';
import type { ExecutionSummary } from '../../../../src/contract/executions.ts';
import { useApiAll } from '../../api/query.ts';
import { textsOf } from '../../app/search.ts';
import { Button } from '../../components/button.tsx';
import { Choices } from '../../components/choices.tsx';
import { DateRange } from '../../components/date-range.tsx';
import { Select } from '../../components/field.tsx';
import { RestInput } from '../../components/rest-input.tsx';
import { type ExecutionSearch, FILTERS, statusesOf } from './execution-search.ts';
import { SavedFilters } from './saved-filters.tsx';

const STATUSES = [
  'running',
  'waiting',
  'failed',
  'completed',
  'pending',
  'canceled',
  'compensating',
  'compensated',
  'compensation_failed',
].map((value) => ({ value, label: value.replaceAll('_', ' ') }));

/** Of executions that no trigger of a definition has started. */
const OTHER_TRIGGERS = ['api', 'workflow', 'test'];

const DAYS = [
  { value: 'created', label: 'Created' },
  { value: 'ended', label: 'Ended' },
] as const;

interface DaysProps {
  readonly search: ExecutionSearch;
  readonly change: (filter: ExecutionSearch) => void;
}

/** When they were created, or when they ended; a link may ask for both, and then both are shown. */
function Days({ search, change }: DaysProps) {
  const { from, to, endedFrom, endedTo } = search;
  const isByEnd = endedFrom !== undefined || endedTo !== undefined;
  const [what, setWhat] = useState<string>();
  const shown = isByEnd ? 'ended' : (what ?? 'created');
  const choose = (next: string) => {
    setWhat(next);
    const [first, last] = [from ?? endedFrom, to ?? endedTo];
    if (next === 'ended') change({ from: '', to: '', endedFrom: first ?? '', endedTo: last ?? '' });
    else change({ from: first ?? '', to: last ?? '', endedFrom: '', endedTo: '' });
  };
  const isByCreation = from !== undefined || to !== undefined;
  return (
    // They go to the next line together.
    <span className="flex flex-wrap items-center gap-2">
      <Select
        aria-label="By which days"
        value={shown}
        onChange={(event) => choose(event.target.value)}
        options={DAYS}
      />
      {(shown === 'created' || isByCreation) && (
        <DateRange what="Created" isNamed={!isByEnd} days={search} onChange={change} />
      )}
      {shown === 'ended' && (
        <DateRange
          what="Ended"
          isNamed={!isByCreation}
          days={{ ...(endedFrom && { from: endedFrom }), ...(endedTo && { to: endedTo }) }}
          onChange={(days) =>
            change({
              ...(days.from !== undefined && { endedFrom: days.from }),
              ...(days.to !== undefined && { endedTo: days.to }),
            })
          }
        />
      )}
    </span>
  );
}

interface ExecutionFiltersProps {
  readonly search: ExecutionSearch;
  /** What is shown: its triggers and codes are offered. */
  readonly items: readonly ExecutionSummary[];
}

export function ExecutionFilters({ search, items }: ExecutionFiltersProps) {
  const navigate = useNavigate();
  const workflows = useApiAll('listWorkflows');
  const change = (filter: ExecutionSearch) =>
    void navigate({ to: '/executions', search: textsOf(...FILTERS)({ ...search, ...filter }), replace: true });
  const triggers = [...new Set([...items.map(({ triggerId }) => triggerId), ...OTHER_TRIGGERS])];
  const codes = [...new Set(items.flatMap(({ error }) => (error === null ? [] : [error.code])))];
  const { trigger, code, from, to } = search;
  const [isWhole, setWhole] = useState([trigger, code, from, to].some((one) => one !== undefined));
  return (
    <>
      <Choices
        label="Status"
        none="Any status"
        options={STATUSES}
        chosen={statusesOf(search.status)}
        onChange={(chosen) => change({ status: chosen.join(',') })}
      />
      <Select
        aria-label="Workflow"
        value={search.workflow ?? ''}
        onChange={(event) => change({ workflow: event.target.value })}
        options={[{ value: '', label: 'Any workflow' }, ...(workflows.data?.items ?? []).map(({ name }) => name)]}
      />
      {!isWhole && (
        <Button kind="quiet" className="px-1! md:hidden" icon={<ListFilter size={14} />} onClick={() => setWhole(true)}>
          More filters
        </Button>
      )}
      <div className={clsx('contents', !isWhole && 'max-md:hidden')}>
        <RestInput
          label="Trigger"
          title="The exact id of a trigger; api, workflow or test where there was none"
          maxLength={200}
          value={search.trigger ?? ''}
          known={triggers}
          change={(trigger) => change({ trigger })}
        />
        <RestInput
          label="Error code"
          title="The exact code of the error it ended with, such as node_timeout"
          maxLength={100}
          value={search.code ?? ''}
          known={codes}
          change={(code) => change({ code })}
        />
        <Days search={search} change={change} />
        <SavedFilters present={search} choose={(filter) => void navigate({ to: '/executions', search: filter })} />
      </div>
    </>
  );
}
