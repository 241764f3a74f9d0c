/** From a day, and before another; both may stay open. */
import { Input } from './field.tsx';

interface Days {
  readonly from?: string;
  readonly to?: string;
}

interface DateRangeProps {
  /** What happened then, such as `Created`. */
  readonly what: string;
  /** That stands before it already. */
  readonly isNamed?: boolean;
  readonly days: Days;
  readonly onChange: (days: Days) => void;
}

export function DateRange({ what, isNamed = false, days, onChange }: DateRangeProps) {
  const field = (name: 'from' | 'to', label: string) => (
    <span className="flex items-center gap-1.5">
      <span aria-hidden className="text-muted text-xs">
        {name === 'from' && !isNamed ? what : ''} {label}
      </span>
      <Input
        aria-label={`${what} ${label}`}
        type="date"
        className="w-36!"
        // A moment, as a link may have, is shown by its day.
        value={days[name]?.slice(0, 10) ?? ''}
        title={days[name]}
        onChange={(event) => onChange({ [name]: event.target.value })}
      />
    </span>
  );
  return (
    // Where both find no room, both go to the next line.
    <span className="flex items-center gap-2 max-sm:flex-wrap">
      {field('from', 'from')}
      {field('to', 'before')}
    </span>
  );
}
