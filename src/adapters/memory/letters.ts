/** Dead letters as commits write them. */
import { DEFAULT_RULES, type RetryRule, retryAt } from '../../core/retry-rule.ts';
import type { NewLetter } from '../../ports/dead-letters.ts';
import type { Database } from './database.ts';

export const rulePlace = (projectId: string, category: string): string => `${projectId} ${category}`;

/** A letter that is there already is NEW again. */
export function addLetter(database: Database, { originalEvent, error, failedAt, ...letter }: NewLetter): void {
  const before = database.letters.get(letter.id);
  const retries = before?.retries ?? 0;
  const rule = ruleOf(database, letter);
  database.letters.set(letter.id, {
    letter,
    originalEvent: before?.originalEvent ?? JSON.stringify(originalEvent ?? null),
    error: JSON.stringify(error),
    status: 'NEW',
    retries,
    retryAt: letter.automatic ? retryAt(rule, failedAt, retries) : null,
    retriedAs: before?.retriedAs ?? null,
    reviewedBy: before?.reviewedBy ?? null,
    reviewedAt: before?.reviewedAt ?? null,
    notes: before?.notes ?? null,
    createdAt: before?.createdAt ?? failedAt,
    failedAt,
    updatedAt: failedAt,
  });
}

function ruleOf(database: Database, { projectId, category }: Pick<NewLetter, 'projectId' | 'category'>): RetryRule {
  const own = database.letterRules.get(rulePlace(projectId, category));
  return own ?? (DEFAULT_RULES.find((rule) => rule.category === category) as RetryRule);
}

/** Its execution was led on from the failure, by whatever way. */
export function resolveLetter(database: Database, executionId: string, now: number): void {
  const record = database.letters.get(executionId);
  if (record === undefined || (record.status !== 'NEW' && record.status !== 'REVIEWED')) return;
  Object.assign(record, { status: 'RETRIED', retries: record.retries + 1, retryAt: null, updatedAt: now });
}
