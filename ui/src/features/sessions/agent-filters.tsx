/** Which agent and which days; they stand in the address, where the list of sessions has them too. */
import { X } from 'lucide-react';
import { IconButton } from '../../components/button.tsx';
import { DateRange } from '../../components/date-range.tsx';
import { Input } from '../../components/field.tsx';
import type { SessionSearch } from './session-search.ts';

interface AgentFiltersProps {
  readonly search: SessionSearch;
  readonly change: (part: SessionSearch) => void;
}

export function AgentFilters({ search, change }: AgentFiltersProps) {
  const { agent = '', from, to } = search;
  const take = (value: string) => value.trim() !== agent && change({ agent: value.trim() });
  return (
    <>
      <Input
        key={agent}
        aria-label="Agent"
        placeholder="Agent"
        className="w-36!"
        defaultValue={agent}
        onBlur={(event) => take(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && take(event.currentTarget.value)}
      />
      <DateRange what="Days" days={search} onChange={change} />
      {[agent, from, to].some(Boolean) && (
        <IconButton label="Show all agents" onClick={() => change({ agent: '', from: '', to: '' })}>
          <X size={14} />
        </IconButton>
      )}
    </>
  );
}
