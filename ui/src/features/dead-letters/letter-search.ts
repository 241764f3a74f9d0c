/** The filters of the address, and what they ask of the API. What is open is what is shown first. */
import type { LetterFilterQuery } from '../../../../src/contract/dead-letters.ts';
import type { LetterStatus } from '../../../../src/core/dead-letter.ts';
import { CATEGORY_IDS } from './categories.ts';

export interface LetterSearch {
  readonly status?: string;
  readonly category?: string;
  readonly workflow?: string;
  readonly fingerprint?: string;
  readonly view?: string;
}

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

/** Those of a filter that can be tried again or put away: nobody has, or a person has them in hand. */
export function openOf(filter: LetterFilterQuery): readonly LetterFilterQuery[] {
  if (filter.status !== undefined) return [filter];
  return [
    { ...filter, status: 'NEW' },
    { ...filter, status: 'REVIEWED' },
  ];
}

export const isFiltered = ({ view: _, ...search }: LetterSearch): boolean => Object.keys(search).length > 0;
