/** The filters of the address, and what they ask of the API. What is open is what is shown first. */
import type { LetterFilterQuery } from '../../../../src/contract/dead-letters.ts';
import type { LetterStatus } from '../../../../src/core/dead-letter.ts';
import type { Request } from '../../api/call.ts';
import { CATEGORY_IDS } from './category-ids.ts';

export interface LetterSearch {
  readonly status?: string;
  readonly category?: string;
  readonly workflow?: string;
  readonly fingerprint?: string;
  readonly view?: string;
}

export const TABS = [
  { id: 'groups', label: 'By cause' },
  { id: 'list', label: 'One by one' },
  { id: 'rules', label: 'Rules' },
] as const;

export const viewOf = ({ view }: LetterSearch) => TABS.find(({ id }) => id === view)?.id ?? 'groups';

export const STATUS_CHOICES = [
  { value: '', label: 'New' },
  { value: 'REVIEWED', label: 'Reviewed' },
  { value: 'RETRIED', label: 'Retried' },
  { value: 'ARCHIVED', label: 'Archived' },
  { value: 'all', label: 'Any status' },
] as const;

const STATUSES: readonly string[] = ['NEW', 'REVIEWED', 'RETRIED', 'ARCHIVED'];

/** For the API; a word that is none of its own is left out. */
export function filterOf({ status = 'NEW', category, workflow, fingerprint }: LetterSearch): LetterFilterQuery {
  const known = CATEGORY_IDS.find((one) => one === category);
  return {
    ...(STATUSES.includes(status) && { status: status as LetterStatus }),
    ...(known && { category: known }),
    ...(workflow && { workflow }),
    ...(fingerprint && { fingerprint }),
  };
}

const MOST_GROUPS = 200;

export const groupsRequest = (search: LetterSearch): Request<'listDeadLetterGroups'> => ({
  query: { ...filterOf(search), limit: MOST_GROUPS },
});

/** Letters read at once. */
const PAGE = 100;

export const listRequest = (search: LetterSearch): Request<'listDeadLetters'> => ({
  query: { ...filterOf(search), limit: PAGE },
});

export const letterRequest = (id: string): Request<'getDeadLetter'> => ({ params: { id } });

/** Those of a filter that can be tried again or put away: nobody has, or a person has them in hand. */
export function openOf(filter: LetterFilterQuery): readonly LetterFilterQuery[] {
  if (filter.status !== undefined) return [filter];
  return [
    { ...filter, status: 'NEW' },
    { ...filter, status: 'REVIEWED' },
  ];
}

export const isFiltered = ({ view: _, ...search }: LetterSearch): boolean => Object.keys(search).length > 0;
