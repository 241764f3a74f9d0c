/** The approvals that fit the filters, in the order of the inbox; of all, the closed ones come after the last open one. */
import { useMemo } from 'react';
import { useApiPages } from '../../api/query.ts';
import { useMe } from '../../components/person.ts';
import { byUrgency } from './order.ts';
import { closedRequest, type InboxSearch, listRequest } from './whose.ts';

export function useInbox(search: InboxSearch) {
  const me = useMe();
  const open = useApiPages('listApprovals', listRequest(search, me));
  const both = search.status === 'all';
  const closed = useApiPages('listApprovals', closedRequest(search, me), 'cursor', both);
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
