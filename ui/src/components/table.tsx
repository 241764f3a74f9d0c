/**
 * Rows of data: only those in sight are in the page, so a list of 100,000 is as quick as one of ten. A row is a link;
 * arrows move between rows, Enter opens.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { type KeyboardEvent, type ReactNode, type SyntheticEvent, useEffect, useRef } from 'react';

export interface Column<T> {
  readonly id: string;
  readonly title: ReactNode;
  /** A CSS grid track, such as `120px` or `minmax(0, 1fr)`. */
  readonly width: string;
  readonly align?: 'right';
  /** Left out where the window is narrow. */
  readonly wideOnly?: boolean;
  readonly cell: (row: T) => ReactNode;
}

interface TableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  /** Key of the row that is looked at beside the table. */
  readonly chosen?: string | undefined;
  /** Called when the end comes into sight. */
  readonly onEnd?: () => void;
  readonly more?: boolean;
}

const ROW_PX = 40;
const AHEAD = 12;

/** What does something of its own when it is clicked, or by arrows, or by letters. */
const CONTROLS = 'a, button, input, select, textarea, label, [role="button"]';
const KEEPS_ARROWS = 'select, textarea, input:not([type="checkbox"]), [aria-haspopup]';
const KEEPS_LETTERS = 'select, textarea, input:not([type="checkbox"])';

/** Not of a control in it, nor of a menu or dialog that a control of it has opened elsewhere on the page. */
function isOfRow(event: SyntheticEvent<HTMLElement>, controls: string): boolean {
  const { target, currentTarget } = event;
  return target instanceof Element && currentTarget.contains(target) && target.closest(controls) === null;
}

export function Table<T>({ label, columns, rows, keyOf, onOpen, chosen, onEnd, more = false }: TableProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: AHEAD,
  });
  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && lastShown >= rows.length - AHEAD) onEnd?.();
  }, [more, lastShown, rows.length, onEnd]);
  const narrow = columns.filter((column) => !column.wideOnly);
  const tracks = (list: readonly Column<T>[]) => list.map(({ width }) => width).join(' ');
  const style = { '--wide': tracks(columns), '--narrow': tracks(narrow) } as React.CSSProperties;
  const grid = 'grid grid-cols-(--narrow) md:grid-cols-(--wide) gap-x-4 px-4 md:px-6';
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
    if (step === undefined || !isOfRow(event, event.key.startsWith('Arrow') ? KEEPS_ARROWS : KEEPS_LETTERS)) return;
    event.preventDefault();
    const sibling = step > 0 ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling;
    (sibling as HTMLElement | null)?.focus();
  };
  return (
    <div
      ref={box}
      role="table"
      aria-label={label}
      // Rows that do not open cannot be reached; then the keys scroll the whole.
      tabIndex={onOpen ? undefined : 0}
      aria-rowcount={rows.length}
      className="h-full overflow-auto"
      style={style}
    >
      <div
        role="row"
        className={clsx(grid, 'sticky top-0 z-10 border-line border-b bg-ground py-1.5 text-faint text-xs')}
      >
        {columns.map(({ id, title, align, wideOnly }) => (
          <div
            role="columnheader"
            key={id}
            className={clsx(align === 'right' && 'text-right', wideOnly && 'hidden md:block')}
          >
            {title}
          </div>
        ))}
      </div>
      <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const row = rows[index] as T;
          return (
            <div
              role="row"
              key={keyOf(row)}
              aria-rowindex={index + 1}
              aria-current={(chosen !== undefined && keyOf(row) === chosen) || undefined}
              data-row={keyOf(row)}
              tabIndex={onOpen ? 0 : -1}
              onClick={(event) => {
                if (isOfRow(event, CONTROLS)) onOpen?.(row);
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && event.target === event.currentTarget) onOpen?.(row);
                else move(event);
              }}
              className={clsx(
                grid,
                'absolute inset-x-0 h-10 items-center border-line border-b focus-visible:bg-hover focus-visible:-outline-offset-2',
                onOpen && 'cursor-pointer hover:bg-hover aria-[current]:bg-hover',
              )}
              style={{ transform: `translateY(${start}px)` }}
            >
              {columns.map(({ id, align, wideOnly, cell }) => (
                <div
                  role="cell"
                  key={id}
                  className={clsx('min-w-0 truncate', align === 'right' && 'text-right', wideOnly && 'hidden md:block')}
                >
                  {cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
