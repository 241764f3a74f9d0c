/** Whether the inbox shows what waits for one person or for all, as the address says. */
import type { Request } from '../../api/call.ts';
import { type Me, namesOf } from '../../components/person.ts';

export interface InboxSearch {
  readonly status?: string;
  readonly id?: string;
  /** `mine` or `all`; absent: mine as soon as it is known whose. */
  readonly whose?: string;
  readonly assignee?: string;
  readonly workflow?: string;
}

/** Who looks for what asks somebody else looks among all. */
export function isMine({ whose, assignee }: InboxSearch, me: Me): boolean {
  if (assignee) return false;
  return whose === 'mine' || (whose !== 'all' && me.name !== '');
}

/** Approvals read at once. */
const PAGE = 100;

/** Those that the inbox shows, or shows first: of all the open ones. */
export const listRequest = (search: InboxSearch, me: Me): Request<'listApprovals'> =>
  search.status === 'decided'
    ? closedRequest(search, me)
    : { query: { ...filterOf(search, me), status: 'open', order: 'due' } };

export const closedRequest = (search: InboxSearch, me: Me): Request<'listApprovals'> => ({
  query: { ...filterOf(search, me), status: 'decided' },
});

const filterOf = (search: InboxSearch, me: Me) => ({
  limit: PAGE,
  ...forMe(search, me),
  ...(search.assignee && { assignee: search.assignee }),
  ...(search.workflow && { workflow: search.workflow }),
});

/** What the API is asked with. */
export const forMe = (search: InboxSearch, me: Me): { for?: string[] } =>
  isMine(search, me) && me.name !== '' ? { for: [...namesOf(me)] } : {};
