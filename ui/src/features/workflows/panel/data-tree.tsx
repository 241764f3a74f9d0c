/** A value whose fields can be put into an expression: by a click at the cursor, or by a drag. */
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { kindOf, oneLine } from './evaluation.ts';
import { EXPRESSION_TYPE } from './insertion.ts';
import { memberOf } from './member-path.ts';

interface DataTreeProps {
  /** The name at the root, such as `$json`. */
  readonly expression: string;
  readonly name: string;
  readonly value: unknown;
  readonly isOpen?: boolean;
  readonly choose: (expression: string) => void;
}

/** Fields that are shown at once. */
const STEP = 50;

export function DataTree({ expression, name, value, isOpen = false, choose }: DataTreeProps) {
  const [open, setOpen] = useState(isOpen);
  const [limit, setLimit] = useState(STEP);
  const isList = Array.isArray(value);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const keyOf = (key: string): string | number => (isList ? Number(key) : key);
  return (
    <li className="min-w-0">
      <div className="flex items-center">
        <button
          type="button"
          aria-label={open ? `Close ${name}` : `Open ${name}`}
          aria-expanded={open}
          className={`flex size-4.5 shrink-0 items-center justify-center text-faint hover:text-text ${entries.length === 0 ? 'invisible' : ''}`}
          onClick={() => setOpen(!open)}
        >
          <ChevronRight size={11} className={open ? 'rotate-90' : ''} />
        </button>
        <button
          type="button"
          draggable
          title={`${expression}\nClick to insert, or drag into a field`}
          onClick={() => choose(expression)}
          onDragStart={(event) => {
            event.dataTransfer.setData(EXPRESSION_TYPE, expression);
            event.dataTransfer.setData('text/plain', `{{ ${expression} }}`);
            event.dataTransfer.effectAllowed = 'copy';
          }}
          className="flex min-w-0 flex-1 cursor-grab items-baseline gap-1.5 rounded-sm px-1 py-px text-left font-mono text-xs hover:bg-hover"
        >
          <span className="shrink-0 text-accent">{name}</span>
          <span className={`min-w-0 truncate ${colorOf(value)}`}>
            {entries.length > 0 || isList ? kindOf(value) : oneLine(value)}
          </span>
        </button>
      </div>
      {open && entries.length > 0 && (
        <ul className="ml-[9px] border-line border-l pl-1">
          {entries.slice(0, limit).map(([key, one]) => (
            <DataTree key={key} expression={memberOf(expression, keyOf(key))} name={key} value={one} choose={choose} />
          ))}
          {entries.length > limit && (
            <li>
              <button
                type="button"
                className="px-1 text-accent text-xs hover:underline"
                onClick={() => setLimit(limit + 10 * STEP)}
              >
                {entries.length - limit} more
              </button>
            </li>
          )}
        </ul>
      )}
    </li>
  );
}

function colorOf(value: unknown): string {
  if (typeof value === 'string') return 'text-ok';
  return typeof value === 'object' ? 'text-faint' : 'text-info';
}
