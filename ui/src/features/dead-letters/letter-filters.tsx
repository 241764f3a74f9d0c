/** Which dead letters are shown; all of it stands in the address. */
import { useNavigate } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useApiAll } from '../../api/query.ts';
import { Select } from '../../components/field.tsx';
import { CATEGORY_WORDS } from './categories.ts';
import { CATEGORY_IDS } from './category-ids.ts';
import { type LetterSearch, STATUS_CHOICES } from './letter-search.ts';

export function LetterFilters({ search }: { readonly search: LetterSearch }) {
  const navigate = useNavigate();
  const workflows = useApiAll('listWorkflows');
  const change = (filter: LetterSearch) =>
    void navigate({ to: '/dead-letters', search: { ...search, ...filter }, replace: true });
  const names = (workflows.data?.items ?? []).map(({ name }) => ({ value: name, label: name }));
  // A group of a workflow that was deleted is addressed by its id.
  const isOther = search.workflow !== undefined && !names.some(({ value }) => value === search.workflow);
  return (
    <>
      <Select
        aria-label="Status"
        value={search.status ?? ''}
        onChange={(event) => change({ status: event.target.value })}
        options={STATUS_CHOICES}
      />
      <Select
        aria-label="Category"
        value={search.category ?? ''}
        onChange={(event) => change({ category: event.target.value })}
        options={[
          { value: '', label: 'Any category' },
          ...CATEGORY_IDS.map((id) => ({ value: id, label: CATEGORY_WORDS[id].name })),
        ]}
      />
      <Select
        aria-label="Workflow"
        className="min-w-0"
        value={search.workflow ?? ''}
        onChange={(event) => change({ workflow: event.target.value })}
        options={[
          { value: '', label: 'Any workflow' },
          ...(isOther ? [{ value: String(search.workflow), label: String(search.workflow) }] : []),
          ...names,
        ]}
      />
      {search.fingerprint && (
        <button
          type="button"
          title={search.fingerprint}
          onClick={() => change({ fingerprint: '' })}
          className="inline-flex h-8 min-w-0 max-w-80 items-center gap-1.5 rounded-md bg-accent-soft px-2.5 text-accent text-xs"
        >
          <span className="truncate">{search.fingerprint}</span>
          <X size={13} className="shrink-0" aria-label="Show other causes, too" />
        </button>
      )}
    </>
  );
}
