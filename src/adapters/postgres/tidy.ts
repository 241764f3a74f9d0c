import { dayOf } from '../../core/budget/accounts.ts';
import { forgetDays } from './budgets.ts';
import { ensureMessageDays } from './message-days.ts';
import { ensurePartitions } from './partitions.ts';
import type { Pool } from './sql.ts';

/** Expired keys and sign-ins, signals that came too late to be taken, budgets of days gone by; and the partition of next month is made in time. */
export async function tidy(sql: Pool, now: number): Promise<void> {
  await sql`delete from idempotency_keys where expires_at < ${now}`;
  await sql`delete from sign_ins where expires_at < ${now}`;
  await sql`delete from message_ids where expires_at < ${now}`;
  await sql`
    delete from signals s using workflow_executions e
     where e.id = s.execution_id and e.status in ('completed', 'canceled', 'compensated')`;
  await sql`
    delete from signals s
     where s.created_at < now() - interval '1 minute'
       and not exists (select from workflow_executions e where e.id = s.execution_id)`;
  await sql`delete from flow_slots where expires_at < extract(epoch from clock_timestamp()) * 1000`;
  // Slots are freed with the end of their execution; this is for one that was taken out of the database by hand.
  await sql`
    delete from flow_slots s
     where s.expires_at is null
       and not exists (select from workflow_executions e
                        where e.id = s.execution_id
                          and e.status in ('pending', 'running', 'waiting', 'compensating'))`;
  // Of tests whose start was cut off.
  await sql`
    delete from workflow_versions v
     where v.execution_id is not null and v.created_at < ${now - HOUR_MS}
       and not exists (select from workflow_executions e where e.id = v.execution_id)`;
  // Of commits that were on their way when a feed was removed.
  await sql`
    delete from event_feed_entries e
     where not exists (select from event_feeds f where f.project_id = e.project_id)`;
  await forgetBudgetDays(sql, dayOf(now - KEPT_MS));
  await ensurePartitions(sql, now);
  await ensureMessageDays(sql, now);
}

const HOUR_MS = 3_600_000;
/** Daily accounts of budgets stay for as long: calls of yesterday are still settled today. */
const KEPT_MS = 2 * 86_400_000;

async function forgetBudgetDays(sql: Pool, before: string): Promise<void> {
  const old = await sql`select distinct project_id from budget_accounts where day <> '' and day < ${before}`;
  for (const row of old) await sql.begin((tx) => forgetDays(tx, row.project_id as string, before));
}
