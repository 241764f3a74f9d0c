/** Dead letters as rows: lists, one, groups, what people note on them, and the rules. */
import type { LetterStatus } from '../../core/dead-letter.ts';
import type { Category, ErrorInfo } from '../../core/errors.ts';
import { LONGEST_RETRY_MS, type RetryRule } from '../../core/retry-rule.ts';
import type {
  Letter,
  LetterFilter,
  LetterGroup,
  LetterQuery,
  LetterRow,
  LetterSource,
} from '../../ports/dead-letters.ts';
import type { Store } from '../../ports/store.ts';
import { guarded } from './failures.ts';
import { requeueDueLetters, requeueLetterAs, requeueLetters, requeueMessage } from './requeue-letters.ts';
import type { Pool, Sql } from './sql.ts';

export function deadLetterStore(sql: Pool): Store['deadLetters'] {
  return {
    list: (query) => guarded(() => list(sql, query)),
    count: (filter, limit) => guarded(() => count(sql, filter, limit)),
    get: (projectId, id) => guarded(() => get(sql, projectId, id)),
    groups: (filter, limit) => guarded(() => groups(sql, filter, limit)),
    requeue: (change) => guarded(() => requeueLetters(sql, change)),
    requeueAs: (change) => guarded(() => requeueLetterAs(sql, change)),
    requeueMessage: (change) => guarded(() => requeueMessage(sql, change)),
    requeueDue: (now, limit) => guarded(() => requeueDueLetters(sql, now, limit)),
    review: (change) => guarded(() => review(sql, change)),
    archive: (change) => guarded(() => archive(sql, change)),
    rules: (projectId) => guarded(() => rules(sql, projectId)),
    setRule: (projectId, rule, now) => guarded(() => setRule(sql, projectId, rule, now)),
    countNew: () => guarded(() => countNew(sql)),
  };
}

/** All but what the letter is about, which may be large. */
const columns = (sql: Sql) => sql`
  d.id, d.project_id, d.source, d.execution_id, d.workflow_id, d.version, d.trigger_id, d.error, d.path, d.attempts,
  d.category, d.action, d.fingerprint, d.automatic, d.status, d.retries, d.retry_at, d.retried_as, d.reviewed_by,
  d.reviewed_at, d.notes, d.created_at, d.failed_at, d.updated_at, w.name as workflow_name`;

async function list(sql: Sql, query: LetterQuery): Promise<LetterRow[]> {
  const { after, limit } = query;
  const rows = await sql`
    select ${columns(sql)}
      from (select * from dead_letter_queue
             where ${fits(sql, query)}
               ${after === undefined ? sql`` : sql`and (failed_at, id) < (${after.failedAt}, ${after.id}::uuid)`}
             order by failed_at desc, id desc limit ${limit}) d
      left join workflows w on w.id = d.workflow_id
     order by d.failed_at desc, d.id desc`;
  return rows.map(toRow);
}

async function count(sql: Sql, filter: LetterFilter, limit: number): Promise<number> {
  const [row] = await sql`
    select count(*)::int as n from (select from dead_letter_queue where ${fits(sql, filter)} limit ${limit}) found`;
  return row?.n as number;
}

function fits(sql: Sql, { projectId, status, category, workflowId, fingerprint, from, to }: LetterFilter) {
  return sql`project_id = ${projectId}
    ${status === undefined ? sql`` : sql`and status = ${status}`}
    ${category === undefined ? sql`` : sql`and category = ${category}`}
    ${workflowId === undefined ? sql`` : sql`and workflow_id = ${workflowId}`}
    ${fingerprint === undefined ? sql`` : sql`and fingerprint = ${fingerprint}`}
    ${from === undefined ? sql`` : sql`and failed_at >= ${from}`}
    ${to === undefined ? sql`` : sql`and failed_at < ${to}`}`;
}

async function get(sql: Sql, projectId: string, id: string): Promise<Letter | undefined> {
  const [row] = await sql`
    select ${columns(sql)}, d.original_event
      from dead_letter_queue d left join workflows w on w.id = d.workflow_id
     where d.id = ${id} and d.project_id = ${projectId}`;
  return row === undefined ? undefined : { ...toRow(row), originalEvent: row.original_event };
}

async function groups(sql: Sql, filter: LetterFilter, limit: number): Promise<LetterGroup[]> {
  const rows = await sql`
    with grouped as (
      select workflow_id, fingerprint, count(*)::int as count, count(*) filter (where status = 'NEW')::int as open,
             count(*) filter (where status = 'REVIEWED')::int as reviewed,
             min(created_at) as first_seen, max(failed_at) as last_seen,
             (array_agg(id order by failed_at desc, id desc))[1] as latest
        from dead_letter_queue
       where ${fits(sql, filter)}
       group by workflow_id, fingerprint
       order by count(*) desc, max(failed_at) desc limit ${limit})
    select ${columns(sql)}, g.count, g.open, g.reviewed, g.first_seen, g.last_seen
      from grouped g join dead_letter_queue d on d.id = g.latest left join workflows w on w.id = d.workflow_id
     order by g.count desc, g.last_seen desc`;
  return rows.map((row) => ({
    workflowId: row.workflow_id as string | null,
    fingerprint: row.fingerprint as string,
    count: row.count as number,
    open: row.open as number,
    reviewed: row.reviewed as number,
    firstSeen: row.first_seen as number,
    lastSeen: row.last_seen as number,
    sample: toRow(row),
  }));
}

type Noted<K extends 'review' | 'archive'> = Parameters<Store['deadLetters'][K]>[0];

async function review(sql: Sql, { projectId, id, by, notes, now }: Noted<'review'>): Promise<boolean> {
  const rows = await sql`
    update dead_letter_queue
       set status = 'REVIEWED', retry_at = null, reviewed_by = ${by}, reviewed_at = ${now},
           notes = coalesce(${notes}, notes), updated_at = ${now}
     where id = ${id} and project_id = ${projectId} and status in ('NEW', 'REVIEWED')
    returning 1 as one`;
  return rows.length > 0;
}

async function archive(sql: Sql, { projectId, ids, by, notes, now }: Noted<'archive'>): Promise<string[]> {
  const rows = await sql`
    with mine as (
      select id from dead_letter_queue
       where id = any(${ids as string[]}::text[]::uuid[]) and project_id = ${projectId} and status <> 'ARCHIVED'
       order by id for update)
    update dead_letter_queue
       set status = 'ARCHIVED', retry_at = null, reviewed_by = coalesce(${by}, reviewed_by),
           reviewed_at = coalesce(reviewed_at, ${now}), notes = coalesce(${notes}, notes), updated_at = ${now}
     where id in (select id from mine)
    returning id`;
  return rows.map((row) => row.id as string);
}

async function rules(sql: Sql, projectId: string): Promise<RetryRule[]> {
  const rows = await sql`
    select category, enabled, delay_ms, retry_limit from dead_letter_rules where project_id = ${projectId}`;
  return rows.map((row) => ({
    category: row.category as Category,
    enabled: row.enabled as boolean,
    delayMs: row.delay_ms as number,
    limit: row.retry_limit as number,
  }));
}

async function setRule(
  sql: Pool,
  projectId: string,
  { category, enabled, delayMs, limit }: RetryRule,
  now: number,
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`
      insert into dead_letter_rules (project_id, category, enabled, delay_ms, retry_limit, updated_at)
      values (${projectId}, ${category}, ${enabled}, ${delayMs}, ${limit}, ${now})
      on conflict (project_id, category) do update
         set enabled = excluded.enabled, delay_ms = excluded.delay_ms, retry_limit = excluded.retry_limit,
             updated_at = excluded.updated_at`;
    await tx`
      update dead_letter_queue
         set retry_at = case when ${enabled} and retries < ${limit}
                             then failed_at + least(${delayMs} * power(2, retries), ${LONGEST_RETRY_MS}) end
       where project_id = ${projectId} and category = ${category} and status = 'NEW' and automatic`;
  });
}

async function countNew(sql: Sql): Promise<number> {
  const [row] = await sql`select count(*)::int as count from dead_letter_queue where status = 'NEW'`;
  return row?.count as number;
}

function toRow(row: Record<string, unknown>): LetterRow {
  return {
    id: row.id as string,
    projectId: row.project_id as string,
    source: row.source as LetterSource,
    executionId: row.execution_id as string | null,
    workflowId: row.workflow_id as string | null,
    workflowName: row.workflow_name as string | null,
    version: row.version as number | null,
    triggerId: row.trigger_id as string | null,
    error: row.error as ErrorInfo,
    path: row.path as string | null,
    attempts: row.attempts as number,
    category: row.category as Category,
    action: row.action as string,
    fingerprint: row.fingerprint as string,
    automatic: row.automatic as boolean,
    status: row.status as LetterStatus,
    retries: row.retries as number,
    retryAt: row.retry_at as number | null,
    retriedAs: row.retried_as as string | null,
    reviewedBy: row.reviewed_by as string | null,
    reviewedAt: row.reviewed_at as number | null,
    notes: row.notes as string | null,
    createdAt: row.created_at as number,
    failedAt: row.failed_at as number,
    updatedAt: row.updated_at as number,
  };
}
