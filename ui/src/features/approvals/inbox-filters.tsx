/** Which approvals are shown; all of it stands in the address. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useState } from 'react';
import { useApiAll } from '../../api/query.ts';
import { Input, Select } from '../../components/field.tsx';
import { usePerson } from '../../components/person.ts';
import { Tabs } from '../../components/tabs.tsx';

interface Search {
  readonly status?: string;
  readonly id?: string;
  readonly assignee?: string;
  readonly workflow?: string;
}

const REST_MS = 350;
const TABS = [
  { id: 'open', label: 'Open' },
  { id: 'decided', label: 'Closed' },
  { id: 'all', label: 'All' },
] as const;

interface InboxFiltersProps {
  readonly search: Search;
  /** Of those who are asked, the ones that are known. */
  readonly names: readonly string[];
}

export function InboxFilters({ search, names }: InboxFiltersProps) {
  const navigate = useNavigate();
  const { status = 'open', assignee = '', workflow = '' } = search;
  const [person] = usePerson();
  const known = person.trim() === '' || names.includes(person.trim()) ? names : [person.trim(), ...names];
  const workflows = useApiAll('listWorkflows');
  const change = (filter: Search) => {
    // What was chosen may not be among what is shown now.
    const { id: _, ...others } = { ...search, ...filter };
    void navigate({ to: '/approvals', search: others, replace: true });
  };
  return (
    <>
      <Tabs
        label="Which approvals"
        tabs={TABS}
        value={TABS.find(({ id }) => id === status)?.id ?? 'open'}
        onChange={(next) => change({ status: next === 'open' ? '' : next })}
      />
      <Assignee value={assignee} names={known} change={(next) => change({ assignee: next })} />
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

interface AssigneeProps {
  readonly value: string;
  readonly names: readonly string[];
  readonly change: (name: string) => void;
}

/** The API takes the exact name, so it is asked when the typing rests. */
function Assignee({ value, names, change }: AssigneeProps) {
  const list = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => change(text.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <>
      <Input
        aria-label="Asks whom"
        list={list}
        placeholder="Asks whom"
        title="The exact name of a person or a group, such as finance"
        data-search
        maxLength={200}
        className="w-36!"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
