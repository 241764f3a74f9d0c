import { ensurePartitions } from './partitions.ts';
import type { Sql } from './sql.ts';

/** Expired keys, signals that came too late to be taken; and the partition of next month is made in time. */
export async function tidy(sql: Sql, now: number): Promise<void> {
  await sql`delete from idempotency_keys where expires_at < ${now}`;
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
  await ensurePartitions(sql, now);
}
