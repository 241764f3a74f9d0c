/** What a group has read and has not got, in its lane: put off, or held back by what is. */
import type { LoggedMessage, PutOff } from '../../ports/messages.ts';
import { array, texts } from './columns.ts';
import type { Sql } from './sql.ts';

export interface Kept extends LoggedMessage {
  readonly createdAt: Date;
}

interface Lane {
  readonly projectId: string;
  readonly name: string;
  readonly lane: number;
}

export async function forgetRetries(tx: Sql, { projectId, name }: Lane, retries: readonly Kept[]): Promise<void> {
  if (retries.length === 0) return;
  await tx`
    delete from event_group_retries
     where project_id = ${projectId} and name = ${name} and id = any(${array(retries.map(({ id }) => id))}::bigint[])`;
}

/** One that is not in `putOff` has not been tried: its time has come as soon as nothing before it waits. */
export async function keepRetries(
  tx: Sql,
  { projectId, name, lane }: Lane,
  kept: readonly Kept[],
  putOff: readonly PutOff[],
): Promise<void> {
  if (kept.length === 0) return;
  const after = new Map(putOff.map((one) => [one.id, one]));
  await tx.unsafe(
    `insert into event_group_retries (project_id, name, id, lane, key, event, attempts, retry_at, error, created_at)
     select $1::uuid, $2, id, $3::int, nullif(key, ''), event::json, attempts, until, nullif(error, 'null')::json, created_at
       from unnest($4::bigint[], string_to_array($5, e'\\x1e'), string_to_array($6, e'\\x1e'), $7::int[], $8::bigint[],
                   string_to_array($9, e'\\x1e'), $10::timestamptz[])
            n (id, key, event, attempts, until, error, created_at)
     on conflict (project_id, name, id) do update
        set attempts = excluded.attempts, retry_at = excluded.retry_at, error = excluded.error`,
    [
      projectId,
      name,
      lane,
      array(kept.map(({ id }) => id)),
      texts(kept.map(({ event }) => event.partitionkey ?? '')),
      texts(kept.map(({ event }) => JSON.stringify(event))),
      array(kept.map(({ id, attempts }) => attempts + (after.has(id) ? 1 : 0))),
      array(kept.map(({ id }) => after.get(id)?.until ?? null)),
      texts(kept.map(({ id }) => JSON.stringify(after.get(id)?.error ?? null))),
      array(kept.map(({ createdAt }) => createdAt.toISOString())),
    ],
  );
}
