/** The approvals that fit the filters, in the order of the inbox; of all, the closed ones come after the last open one. */
import { useMemo } from 'react';
import { useApiPages } from '../../api/query.ts';
import { useMe } from '../../components/person.ts';
import { byUrgency } from './order.ts';
import { forMe, type InboxSearch } from './whose.ts';

const PAGE = 100;

export function useInbox(search: InboxSearch) {
  const { status = 'open', assignee, workflow } = search;
  const mine = forMe(search, useMe());
  const query = { limit: PAGE, ...mine, ...(assignee && { assignee }), ...(workflow && { workflow }) };
  const isClosed = status === 'decided';
  const open = useApiPages('listApprovals', {
    query: isClosed ? { ...query, status: 'decided' } : { ...query, status: 'open', order: 'due' },
  });
  const both = status === 'all';
  const closed = useApiPages('listApprovals', { query: { ...query, status: 'decided' } }, 'cursor', both);
  const items = useMemo(
    () => byUrgency(both && !open.hasNextPage ? [...open.items, ...closed.items] : open.items),
    [both, open.hasNextPage, open.data, closed.data],
  );
  const last = both && !open.hasNextPage ? closed : open;
  return {
    items,
    error: open.error,
    isPending: open.isPending,
    /** They fit the filters before. */
    isOld: open.isPlaceholderData,
    retry: () => void open.refetch(),
    more: last.hasNextPage && !last.isFetchingNextPage,
    onEnd: () => void last.fetchNextPage(),
  };
}
