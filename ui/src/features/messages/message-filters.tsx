/** Which messages are shown; all of it stands in the address. */
import { X } from 'lucide-react';
import { IconButton } from '../../components/button.tsx';
import { DateRange } from '../../components/date-range.tsx';
import { Input } from '../../components/field.tsx';
import type { MessageSearch } from './filter.ts';

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

interface WordProps {
  readonly label: string;
  readonly width: string;
  readonly value: string | undefined;
  readonly take: (value: string) => void;
}

/** Taken when it is whole: half a type is another type. */
function Word({ label, width, value = '', take }: WordProps) {
  return (
    <Input
      aria-label={label}
      placeholder={label}
      className={width}
      defaultValue={value}
      onBlur={(event) => event.target.value !== value && take(event.target.value)}
      onKeyDown={(event) => event.key === 'Enter' && take(event.currentTarget.value)}
    />
  );
}
