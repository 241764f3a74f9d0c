/** Executions as they are read, and their deletion. */
import { type ExecutionEvent, hasEnded } from '../../core/execution/index.ts';
import type { ExecutionQuery, ExecutionRow, StoredEvent } from '../../ports/store.ts';
import { type Database, type EventRecord, type ExecutionRecord, keyPlace } from './database.ts';
import { abandonCalls } from './ledger.ts';
import { removeTests } from './workflows.ts';

export function histories(database: Database, ids: readonly string[]): Map<string, ExecutionEvent[]> {
  return new Map(ids.map((id) => [id, (database.executions.get(id)?.events ?? []).map(toEvent)]));
}

function toEvent({ type, at, data }: EventRecord): ExecutionEvent {
  return { type, at, data: JSON.parse(data) } as ExecutionEvent;
}

export function events(database: Database, projectId: string, id: string, after: number, limit: number): StoredEvent[] {
  const all = find(database, projectId, id)?.events ?? [];
  const first = Math.max(after, 0);
  return all.slice(first, first + limit).map((one, index) => ({ ...toEvent(one), seq: first + index + 1 }));
}

function find(database: Database, projectId: string, id: string): ExecutionRecord | undefined {
  const execution = database.executions.get(id);
  return execution?.projectId === projectId ? execution : undefined;
}

export function get(database: Database, projectId: string, id: string): ExecutionRow | undefined {
  const execution = find(database, projectId, id);
  return execution === undefined ? undefined : toRow(database, execution);
}

function toRow(database: Database, execution: ExecutionRecord): ExecutionRow {
  const { events: _, owner: __, priority: ___, held: ____, error, ...row } = execution;
  return {
    ...row,
    workflowName: database.workflows.get(row.workflowId)?.name ?? '(deleted)',
    error: error === null ? null : JSON.parse(error),
  };
}

export function list(database: Database, query: ExecutionQuery): ExecutionRow[] {
  const found = [...database.executions.values()].filter((one) => fits(one, query));
  found.sort((a, b) => (a.id < b.id ? 1 : -1));
  return found.slice(0, query.limit).map((one) => toRow(database, one));
}

function fits(one: ExecutionRecord, query: ExecutionQuery): boolean {
  const { projectId, workflowId, statuses, triggerId, code, from, to, before } = query;
  return (
    one.projectId === projectId &&
    (workflowId === undefined || one.workflowId === workflowId) &&
    (statuses === undefined || statuses.includes(one.status)) &&
    (triggerId === undefined || one.triggerId === triggerId) &&
    (code === undefined || (one.error !== null && JSON.parse(one.error).code === code)) &&
    (from === undefined || one.createdAt >= from) &&
    (to === undefined || one.createdAt < to) &&
    (before === undefined || one.id < before)
  );
}

/** Its signals, timers and keys go with it; the books of its calls stay. */
export function remove(database: Database, now: number, projectId: string, id: string): boolean {
  const execution = find(database, projectId, id);
  if (execution === undefined || !hasEnded(execution.status) || execution.owner !== null) return false;
  database.executions.delete(id);
  database.unowned.delete(id);
  database.signals.delete(id);
  const letter = database.letters.get(id)?.status;
  if (letter === 'RETRIED' || letter === 'ARCHIVED') database.letters.delete(id);
  for (const [timerId, { executionId }] of database.timers) if (executionId === id) database.timers.delete(timerId);
  for (const [waitId, { executionId }] of database.waits) if (executionId === id) database.waits.delete(waitId);
  for (const [place, { executionId }] of database.keys) if (executionId === id) database.keys.delete(place);
  removeTests(database, (executionId) => executionId === id);
  abandonCalls(database, id, now);
  for (const [key, { delivery }] of database.deliveries)
    if (delivery.executionId === id) database.deliveries.delete(key);
  for (const [key, { executionId }] of database.tokenChunks) if (executionId === id) database.tokenChunks.delete(key);
  return true;
}

export function byKey(database: Database, now: number, projectId: string, key: string): string | undefined {
  const held = database.keys.get(keyPlace(projectId, key));
  return held !== undefined && held.expiresAt >= now ? held.executionId : undefined;
}
