import { createHash } from 'node:crypto';
import type { Commit } from '../../ports/store.ts';
import type { Sql } from './sql.ts';

/**
 * Takes the idempotency keys of new executions. The result maps an execution whose key is held, by an earlier
 * transaction or earlier in this batch, to the holder. Keys are taken in one order everywhere, against deadlocks.
 */
export async function takeKeys(tx: Sql, commits: readonly Commit[]): Promise<Map<string, string>> {
  const duplicates = new Map<string, string>();
  const holders = new Map<string, Commit>();
  const place = (one: Commit) => `${one.projectId} ${one.create?.key?.key}`;
  for (const one of commits) {
    if (one.create?.key === undefined) continue;
    const first = holders.get(place(one));
    if (first === undefined) holders.set(place(one), one);
    else duplicates.set(one.executionId, first.executionId);
  }
  if (holders.size === 0) return duplicates;
  const wanted = [...holders.keys()].sort().map((key) => holders.get(key) as Commit);
  const taken = await tx`
    insert into idempotency_keys (project_id, key, execution_id, expires_at)
    select * from unnest(${wanted.map((one) => one.projectId)}::text[]::uuid[], ${keysOf(wanted)}::text[],
                         ${wanted.map((one) => one.executionId)}::text[]::uuid[],
                         ${wanted.map((one) => String(one.create?.key?.expiresAt))}::text[]::bigint[])
    on conflict (project_id, key) do update
       set execution_id = excluded.execution_id, expires_at = excluded.expires_at
     where idempotency_keys.expires_at < extract(epoch from now()) * 1000
    returning execution_id`;
  const won = new Set(taken.map((row) => row.execution_id as string));
  const lost = wanted.filter((one) => !won.has(one.executionId));
  if (lost.length > 0) await findHolders(tx, lost, duplicates);
  for (const [id, first] of duplicates) duplicates.set(id, duplicates.get(first) ?? first);
  return duplicates;
}

async function findHolders(tx: Sql, lost: readonly Commit[], duplicates: Map<string, string>): Promise<void> {
  const rows = await tx`
    select l.lost, k.execution_id
      from unnest(${lost.map((one) => one.executionId)}::text[], ${lost.map((one) => one.projectId)}::text[]::uuid[],
                  ${keysOf(lost)}::text[]) l (lost, project_id, key)
      join idempotency_keys k on k.project_id = l.project_id and k.key = l.key`;
  for (const row of rows) duplicates.set(row.lost as string, row.execution_id as string);
}

const keysOf = (commits: readonly Commit[]) => commits.map((one) => keyHash(one.create?.key?.key ?? ''));

/** Keys are of any length and hold any text, NUL too; neither goes into an index. */
export const keyHash = (key: string): string => createHash('sha256').update(JSON.stringify(key)).digest('hex');
