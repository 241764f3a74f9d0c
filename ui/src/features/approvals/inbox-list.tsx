/** The list of the inbox. Each row is a link, so that it opens in a tab of its own as well; only rows in sight are drawn. */
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { useEffect, useRef } from 'react';
import type { ApprovalSummary } from '../../../../src/contract/approvals.ts';
import { Status } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';
import { briefText } from './brief.ts';
import { Due } from './due.tsx';

const ROW_PX = 80;
const AHEAD = 8;

interface InboxListProps {
  readonly items: readonly ApprovalSummary[];
  readonly chosen: string | undefined;
  readonly search: Readonly<Record<string, string | undefined>>;
  readonly more: boolean;
  readonly onEnd: () => void;
}

export function InboxList({ items, chosen, search, more, onEnd }: InboxListProps) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: AHEAD,
    getItemKey: (index) => items[index]?.id ?? index,
  });
  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && lastShown >= items.length - AHEAD) onEnd();
  }, [more, lastShown, items.length, onEnd]);
  const place = items.findIndex(({ id }) => id === chosen);
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(place, { align: 'auto' });
  }, [place, virtual]);
  return (
    <div ref={box} className="h-full overflow-auto" data-inbox>
      <ul aria-label="Approvals" className="relative" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start, key }) => {
          const item = items[index] as ApprovalSummary;
          return (
            <li
              key={key}
              className="absolute inset-x-0"
              style={{ height: ROW_PX, transform: `translateY(${start}px)` }}
            >
              <Row item={item} isChosen={item.id === chosen} search={search} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface RowProps {
  readonly item: ApprovalSummary;
  readonly isChosen: boolean;
  readonly search: InboxListProps['search'];
}

function Row({ item, isChosen, search }: RowProps) {
  const { id, title, brief, assignees, due, workflowName, status, closedAt, decision } = item;
  return (
    <Link
      to="/approvals"
      search={{ ...search, id }}
      replace={isChosen}
      data-approval={id}
      aria-current={isChosen || undefined}
      className="flex h-full flex-col gap-0.5 border-line border-b border-l-2 border-l-transparent px-4 py-2.5 hover:bg-hover focus-visible:-outline-offset-2 aria-[current]:border-l-accent aria-[current]:bg-hover"
    >
      <span className="flex items-baseline gap-3 text-xs">
        <span className="min-w-0 flex-1 truncate text-muted">{workflowName}</span>
        {status === 'open' ? <Due due={due} /> : <Ago at={closedAt} />}
      </span>
      <span className={clsx('truncate', status === 'open' && 'font-medium')} title={title}>
        {title}
      </span>
      <span className="flex items-baseline gap-3 text-muted text-xs">
        <span className="min-w-0 flex-1 truncate">{briefText(brief) || 'Nothing more to see'}</span>
        {status === 'open' ? (
          <span className="max-w-2/5 truncate" title={assignees?.join(', ')}>
            {assignees === null ? 'anybody' : assignees.join(', ')}
          </span>
        ) : (
          <Status status={decision?.decision ?? status} className="text-xs" />
        )}
      </span>
    </Link>
  );
}
