/** Which sessions are shown; all of it stands in the address. */
import type { FormEvent } from 'react';
import { DateRange } from '../../components/date-range.tsx';
import { Input, Select } from '../../components/field.tsx';
import type { SessionSearch } from './session-search.ts';

interface SessionFiltersProps {
  readonly search: SessionSearch;
  readonly change: (part: SessionSearch) => void;
}

const TEXTS = [
  ['agent', 'Agent'],
  ['user', 'User'],
  ['category', 'Category'],
  ['tag', 'Tags, with commas'],
] as const;

/** Texts are sent when they are complete: by Enter, or when the field is left. */
export function SessionFilters({ search, change }: SessionFiltersProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    change(Object.fromEntries(TEXTS.map(([name]) => [name, String(form.get(name) ?? '')])));
  };
  return (
    <form onSubmit={submit} className="contents">
      <Select
        aria-label="Status"
        value={search.status ?? ''}
        onChange={(event) => change({ status: event.target.value })}
        options={[{ value: '', label: 'Any status' }, 'active', 'ended']}
      />
      {TEXTS.map(([name, label]) => (
        <Input
          key={`${name} ${search[name] ?? ''}`}
          name={name}
          aria-label={label}
          placeholder={label}
          className="w-36!"
          defaultValue={search[name] ?? ''}
          onBlur={(event) => event.target.value !== (search[name] ?? '') && event.target.form?.requestSubmit()}
        />
      ))}
      <DateRange what="Active" days={search} onChange={change} />
      <button type="submit" className="sr-only">
        Filter
      </button>
    </form>
  );
}
