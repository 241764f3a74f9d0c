/** Which of the webhooks that were sent are shown; all of it stands in the address. */
import { X } from 'lucide-react';
import { useApi } from '../../api/query.ts';
import { IconButton } from '../../components/button.tsx';
import { Select } from '../../components/field.tsx';
import { ALL_SENT, isNarrowed, type SentSearch } from './sent.ts';
import { Word } from './word.tsx';

interface SentFiltersProps {
  readonly search: SentSearch;
  readonly change: (part: SentSearch) => void;
}

export function SentFilters({ search, change }: SentFiltersProps) {
  const { failed = '', connection = '', execution } = search;
  const connections = useApi('listConnections', { query: { limit: 200 } });
  const known = (connections.data?.items ?? []).filter(({ type }) => type === 'webhook').map(({ name }) => name);
  // What was sent stays in the log when its connection is gone.
  const names = connection === '' || known.includes(connection) ? known : [connection, ...known];
  return (
    <>
      <Select
        aria-label="Answer"
        value={failed}
        onChange={(event) => change({ failed: event.target.value })}
        options={[
          { value: '', label: 'Any answer' },
          { value: 'true', label: 'Not taken' },
        ]}
      />
      <Select
        aria-label="Connection"
        value={connection}
        onChange={(event) => change({ connection: event.target.value })}
        options={[{ value: '', label: 'Any connection' }, ...names]}
      />
      <Word
        key={execution}
        label="Id of an execution"
        width="w-44!"
        value={execution}
        take={(value) => change({ execution: value.trim() })}
      />
      {isNarrowed(search) && (
        <IconButton label="Show all webhooks" onClick={() => change(ALL_SENT)}>
          <X size={14} />
        </IconButton>
      )}
    </>
  );
}
