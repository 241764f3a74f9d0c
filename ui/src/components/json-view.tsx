/** A value as a tree: opens level by level, and only what is open is in the page. */
import { ChevronRight, Copy } from 'lucide-react';
import { useState } from 'react';
import { blobIn } from './blob-in.ts';
import { BlobLinks } from './blob-view.tsx';
import { IconButton } from './button.tsx';
import { copy } from './copy.ts';

/** Entries that are shown at once; more on demand. */
const STEP = 100;
const LONG_TEXT = 300;

interface JsonViewProps {
  readonly value: unknown;
  /** Levels that are open at first; default 2. */
  readonly depth?: number;
}

export function JsonView({ value, depth = 2 }: JsonViewProps) {
  return (
    <div className="group relative overflow-x-auto rounded-md bg-ground p-2 font-mono text-xs leading-5">
      <div className="absolute top-1 right-1 opacity-0 focus-within:opacity-100 group-hover:opacity-100">
        <IconButton label="Copy as JSON" onClick={() => void copy(JSON.stringify(value, null, 2))}>
          <Copy size={13} />
        </IconButton>
      </div>
      <Value value={value} depth={depth} />
    </div>
  );
}

function Value({ value, depth }: Required<JsonViewProps>) {
  if (typeof value === 'string') return <Text text={value} />;
  if (typeof value !== 'object' || value === null) return <span className="text-info">{String(value)}</span>;
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const blob = blobIn(value);
  if (entries.length === 0) return <span className="text-muted">{`${open}${close}`}</span>;
  return (
    <>
      <Entries entries={entries} isArray={Array.isArray(value)} depth={depth} />
      {blob && <BlobLinks blob={blob} />}
    </>
  );
}

interface EntriesProps {
  readonly entries: readonly (readonly [string, unknown])[];
  readonly isArray: boolean;
  readonly depth: number;
}

function Entries({ entries, isArray, depth }: EntriesProps) {
  const [open, setOpen] = useState(depth > 0);
  const [limit, setLimit] = useState(STEP);
  const noun = isArray ? 'item' : 'field';
  const size = `${entries.length} ${noun}${entries.length === 1 ? '' : 's'}`;
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="inline-flex items-center gap-1 text-faint hover:text-text"
      >
        <ChevronRight size={11} className={open ? 'rotate-90' : ''} />
        {isArray ? '[' : '{'} {size} {isArray ? ']' : '}'}
      </button>
      {open && (
        <ul className="border-line border-l pl-3">
          {entries.slice(0, limit).map(([name, value]) => (
            <li key={name} className="break-words">
              <span className="text-muted">{name}</span>
              <span className="text-faint">: </span>
              <Value value={value} depth={depth - 1} />
            </li>
          ))}
          {entries.length > limit && (
            <li>
              <button type="button" className="text-accent hover:underline" onClick={() => setLimit(limit + STEP * 10)}>
                {entries.length - limit} more
              </button>
            </li>
          )}
        </ul>
      )}
    </>
  );
}

function Text({ text }: { readonly text: string }) {
  const [whole, setWhole] = useState(false);
  const cut = text.length > LONG_TEXT && !whole;
  return (
    <span className="whitespace-pre-wrap break-words text-ok">
      "{cut ? text.slice(0, LONG_TEXT) : text}"
      {cut && (
        <button type="button" className="ml-1 text-accent hover:underline" onClick={() => setWhole(true)}>
          … {text.length - LONG_TEXT} more characters
        </button>
      )}
    </span>
  );
}
