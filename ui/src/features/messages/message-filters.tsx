/** Which messages are shown; all of it stands in the address. */
import { X } from 'lucide-react';
import { IconButton } from '../../components/button.tsx';
import { DateRange } from '../../components/date-range.tsx';
import type { MessageSearch } from './filter.ts';
import { Word } from './word.tsx';

interface MessageFiltersProps {
  readonly search: MessageSearch;
  readonly change: (part: MessageSearch) => void;
}

export const NO_FILTER = { type: '', topic: '', key: '', from: '', to: '' };

export function MessageFilters({ search, change }: MessageFiltersProps) {
  const word = (name: 'type' | 'topic' | 'key', label: string, width: string) => (
    <Word
      key={`${name} ${search[name]}`}
      label={label}
      width={width}
      value={search[name]}
      take={(value) => change({ [name]: value })}
    />
  );
  const isFiltered = Object.keys(NO_FILTER).some((name) => search[name as keyof MessageSearch]);
  return (
    <>
      {word('type', 'Type, or order.*', 'w-38!')}
      {word('topic', 'Topic', 'w-28!')}
      {word('key', 'Key', 'w-28!')}
      <DateRange what="Written" days={search} onChange={change} />
      {isFiltered && (
        <IconButton label="Show all messages" onClick={() => change(NO_FILTER)}>
          <X size={14} />
        </IconButton>
      )}
    </>
  );
}
