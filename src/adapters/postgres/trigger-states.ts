import type { ErrorInfo } from '../../core/errors.ts';
import type { TriggerStatus } from '../../core/trigger-state.ts';
import type { ToldState, TriggerState, TriggerStateStore } from '../../ports/trigger-states.ts';
import { array, texts } from './columns.ts';
import { guarded } from './failures.ts';
import type { Pool, Sql } from './sql.ts';

export function triggerStateStore(sql: Pool): TriggerStateStore {
  return {
    tell: (process, states, silentMs) => guarded(() => tell(sql, process, states, silentMs)),
    list: (projectId, silentMs) =>
      guarded(async () => {
        const rows = await sql`
          select * from trigger_states s where s.project_id = ${projectId} and ${isHeard(sql, silentMs)}
           order by s.trigger_id, s.process`;
        return rows.map(toState);
      }),
    errors: (silentMs) =>
      guarded(async () => {
        const rows = await sql`
          select t.type, count(distinct s.trigger_id)::int as count
            from trigger_states s join triggers t on t.id = s.trigger_id
           where s.status = 'error' and ${isHeard(sql, silentMs)}
           group by t.type order by t.type`;
        return rows.map((row) => ({ type: row.type as string, count: row.count as number }));
      }),
  };
}

const isHeard = (sql: Sql, silentMs: number) =>
  sql`s.heard_at > clock_timestamp() - ${silentMs}::bigint * interval '1 millisecond'`;

async function tell(sql: Sql, process: string, states: readonly TriggerState[], silentMs: number): Promise<void> {
  const ids = array(states.map((one) => one.triggerId));
  await sql`
    with gone as (delete from trigger_states where process = ${process} and trigger_id <> all (${ids}::uuid[])),
         silent as (delete from trigger_states s where process <> ${process} and not (${isHeard(sql, silentMs)}))
    insert into trigger_states as s
           (trigger_id, process, project_id, status, error, since, last_message_at, messages, lag)
    select trigger_id, ${process}::uuid, project_id, status, nullif(error, '')::json, since, last_message_at, messages, lag
      from unnest(${ids}::uuid[], ${array(states.map((one) => one.projectId))}::uuid[],
                  string_to_array(${texts(states.map((one) => one.status))}, e'\\x1e'),
                  string_to_array(${texts(states.map(errorText))}, e'\\x1e'),
                  ${array(states.map((one) => one.since))}::bigint[],
                  ${array(states.map((one) => one.lastMessageAt))}::bigint[],
                  ${array(states.map((one) => one.messages))}::bigint[],
                  ${array(states.map((one) => one.lag))}::bigint[])
             n (trigger_id, project_id, status, error, since, last_message_at, messages, lag)
    on conflict (trigger_id, process) do update
       set status = excluded.status, error = excluded.error, since = excluded.since,
           last_message_at = excluded.last_message_at, messages = excluded.messages, lag = excluded.lag,
           heard_at = clock_timestamp()`;
}

const errorText = ({ error }: TriggerState): string => (error === null ? '' : JSON.stringify(error));

function toState(row: Record<string, unknown>): ToldState {
  return {
    projectId: row.project_id as string,
    triggerId: row.trigger_id as string,
    process: row.process as string,
    status: row.status as TriggerStatus,
    error: row.error as ErrorInfo | null,
    since: row.since as number,
    lastMessageAt: row.last_message_at as number | null,
    messages: row.messages as number,
    lag: row.lag as number | null,
  };
}
