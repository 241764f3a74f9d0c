import { blobOf } from '../../core/brokers/decode.ts';
import { DEFAULT_RULES, LONGEST_RETRY_MS } from '../../core/retry-rule.ts';
import type { NewLetter } from '../../ports/dead-letters.ts';
import type { Commit } from '../../ports/store.ts';
import { array, texts } from './columns.ts';
import { type Query, query } from './query.ts';

/** A letter that is there already is NEW again. Its rule, and the tries it has had, say when the next is due. */
export function insertLetters(letters: readonly NewLetter[]): Query[] {
  if (letters.length === 0) return [];
  return [
    query(
      `with failed as (
       select * from unnest($1::uuid[], $2::uuid[], string_to_array($3, e'\\x1e'), $4::uuid[], $5::uuid[], $6::int[],
                            string_to_array($7, e'\\x1e'), string_to_array($8, e'\\x1e'),
                            string_to_array($9, e'\\x1e'), string_to_array($10, e'\\x1e'), $11::int[],
                            string_to_array($12, e'\\x1e'), string_to_array($13, e'\\x1e'),
                            string_to_array($14, e'\\x1e'), $15::boolean[], $16::bigint[],
                            string_to_array($21, e'\\x1e'))
         n (id, project_id, source, execution_id, workflow_id, version, trigger_id, original_event, error, path,
            attempts, category, action, fingerprint, automatic, failed_at, blob))
     insert into dead_letter_queue
            (id, project_id, source, execution_id, workflow_id, version, trigger_id, original_event, error, path,
             attempts, category, action, fingerprint, automatic, status, retry_at, created_at, failed_at, updated_at, blob)
     select n.id, n.project_id, source, execution_id, workflow_id, version, nullif(trigger_id, ''),
            original_event::json, error::json, nullif(path, ''), attempts, n.category, action, fingerprint, automatic,
            'NEW', ${RETRY_AT}, failed_at, failed_at, failed_at, nullif(blob, '')
       from failed n
       join unnest($17::text[], $18::boolean[], $19::bigint[], $20::int[])
            d (category, enabled, delay_ms, retry_limit) on d.category = n.category
       left join dead_letter_rules r on r.project_id = n.project_id and r.category = n.category
       left join lateral (select q.retries from dead_letter_queue q where q.id = n.id) q on true
     on conflict (id) do update
        set error = excluded.error, path = excluded.path, attempts = excluded.attempts,
            category = excluded.category, action = excluded.action, fingerprint = excluded.fingerprint,
            automatic = excluded.automatic, status = 'NEW', retry_at = excluded.retry_at,
            failed_at = excluded.failed_at, updated_at = excluded.updated_at`,
      [...columnsOf(letters), ...DEFAULTS, texts(letters.map((one) => blobOf(one.originalEvent)?.hash ?? ''))],
    ),
  ];
}

/** As `retryAt` of core/retry-rule.ts. */
const RETRY_AT = `
  case when automatic and coalesce(r.enabled, d.enabled) and coalesce(q.retries, 0) < coalesce(r.retry_limit, d.retry_limit)
       then n.failed_at + least(coalesce(r.delay_ms, d.delay_ms) * power(2, coalesce(q.retries, 0)), ${LONGEST_RETRY_MS})
  end`;

const DEFAULTS = [
  array(DEFAULT_RULES.map((rule) => rule.category)),
  array(DEFAULT_RULES.map((rule) => String(rule.enabled))),
  array(DEFAULT_RULES.map((rule) => rule.delayMs)),
  array(DEFAULT_RULES.map((rule) => rule.limit)),
];

function columnsOf(letters: readonly NewLetter[]): string[] {
  return [
    array(letters.map((one) => one.id)),
    array(letters.map((one) => one.projectId)),
    texts(letters.map((one) => one.source)),
    array(letters.map((one) => one.executionId)),
    array(letters.map((one) => one.workflowId)),
    array(letters.map((one) => one.version)),
    texts(letters.map((one) => one.triggerId ?? '')),
    texts(letters.map((one) => JSON.stringify(one.originalEvent ?? null))),
    texts(letters.map((one) => JSON.stringify(one.error))),
    texts(letters.map((one) => one.path ?? '')),
    array(letters.map((one) => one.attempts)),
    texts(letters.map((one) => one.category)),
    texts(letters.map((one) => one.action)),
    texts(letters.map((one) => one.fingerprint)),
    array(letters.map((one) => String(one.automatic))),
    array(letters.map((one) => one.failedAt)),
  ];
}

/** Executions that were led on from their failure, by whatever way. */
export function resolveLetters(commits: readonly Commit[]): Query[] {
  const revived = commits.filter((one) => one.revived === true);
  if (revived.length === 0) return [];
  const now = Math.max(...revived.map((one) => one.events.at(-1)?.at ?? 0));
  return [
    query(
      `update dead_letter_queue set status = 'RETRIED', retries = retries + 1, retry_at = null, updated_at = $2
      where id = any($1::uuid[]) and status in ('NEW', 'REVIEWED')`,
      [array(revived.map((one) => one.executionId)), now],
    ),
  ];
}
