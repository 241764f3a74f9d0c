/** Which approvals are shown; all of it stands in the address. */
import { useNavigate } from '@tanstack/react-router';
import { useApiAll } from '../../api/query.ts';
import { textsOf } from '../../app/search.ts';
import { Select } from '../../components/field.tsx';
import { useMe } from '../../components/person.ts';
import { RestInput } from '../../components/rest-input.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { WhoAmI } from './who-am-i.tsx';
import { type InboxSearch, isMine } from './whose.ts';

const TABS = [
  { id: 'mine', label: 'Mine' },
  { id: 'all', label: 'All' },
] as const;
const STATUSES = [
  { value: '', label: 'Open' },
  { value: 'decided', label: 'Closed' },
  { value: 'all', label: 'Open and closed' },
];

interface InboxFiltersProps {
  readonly search: InboxSearch;
  /** Of those who are asked, the ones that are known. */
  readonly names: readonly string[];
}

export function InboxFilters({ search, names }: InboxFiltersProps) {
  const navigate = useNavigate();
  const { status = '', assignee = '', workflow = '' } = search;
  const me = useMe();
  const mine = isMine(search, me);
  const workflows = useApiAll('listWorkflows');
  const change = (filter: InboxSearch) => {
    // What was chosen may not be among what is shown now.
    const { id: _, ...others } = { ...search, ...filter };
    void navigate({
      to: '/approvals',
      search: textsOf('status', 'whose', 'assignee', 'workflow')(others),
      replace: true,
    });
  };
  return (
    <>
      <Tabs
        label="Whose approvals"
        tabs={TABS}
        value={mine ? 'mine' : 'all'}
        onChange={(next) => change({ whose: next, assignee: '' })}
      />
      <WhoAmI onSaid={() => change({ whose: '', assignee: '' })} />
      <Select
        aria-label="Status"
        value={STATUSES.some(({ value }) => value === status) ? status : ''}
        onChange={(event) => change({ status: event.target.value })}
        options={STATUSES}
      />
      {!mine && (
        <RestInput
          label="Asks whom"
          title="The exact name of a person or a group, such as finance"
          isSearch
          maxLength={200}
          value={assignee}
          known={names}
          change={(next) => change({ assignee: next, whose: 'all' })}
        />
      )}
      <Select
        aria-label="Workflow"
        className="min-w-0 max-w-full flex-1 sm:flex-none"
        value={workflow}
        onChange={(event) => change({ workflow: event.target.value })}
        options={[{ value: '', label: 'Any workflow' }, ...(workflows.data?.items ?? []).map(({ name }) => name)]}
      />
    </>
  );
}
