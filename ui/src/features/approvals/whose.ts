/** Whether the inbox shows what waits for one person or for all, as the address says. */
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

/** What the API is asked with. */
export const forMe = (search: InboxSearch, me: Me): { for?: string[] } =>
  isMine(search, me) && me.name !== '' ? { for: [...namesOf(me)] } : {};
