/** Executions as they are read, and their deletion. */
import { type ExecutionEvent, hasEnded } from '../../core/execution/index.ts';
import type { ExecutionPage, ExecutionQuery, ExecutionRow, Reach, StoredEvent } from '../../ports/store.ts';
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
  const { events: _, owner: __, priority: ___, held: ____, ledOnAt: _____, error, ...row } = execution;
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

export function page(database: Database, { reach, ...query }: ExecutionQuery & Reach): ExecutionPage {
  const { limit } = query;
  const { seen, edge } = look(database, query, reach);
  const found = seen.filter((one) => fits(one, query));
  const items = found.slice(0, limit).map((one) => toRow(database, one));
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : edge };
}

export function count(database: Database, { reach, ...query }: ExecutionQuery & Reach) {
  const { seen, edge } = look(database, query, reach);
  const found = Math.min(query.limit, seen.filter((one) => fits(one, query)).length);
  return { count: found, whole: found < query.limit && edge === null };
}

/** The last that is looked at, where others follow. */
function look(database: Database, query: ExecutionQuery, reach: number) {
  const all = [...database.executions.values()].filter((one) => isSeen(one, query));
  all.sort((a, b) => (a.id < b.id ? 1 : -1));
  const { triggerId, code, endedFrom, endedTo } = query;
  const isNarrowed = [triggerId, code, endedFrom, endedTo].some((one) => one !== undefined);
  const seen = isNarrowed ? all.slice(0, reach) : all;
  return { seen, edge: seen.length < all.length ? (seen.at(-1)?.id ?? null) : null };
}

const fits = (one: ExecutionRecord, query: ExecutionQuery): boolean => isSeen(one, query) && isMeant(one, query);

function isMeant({ triggerId: by, error, finishedAt }: ExecutionRecord, query: ExecutionQuery): boolean {
  const { triggerId, code, endedFrom, endedTo } = query;
  return (
    (triggerId === undefined || by === triggerId) &&
    (code === undefined || (error !== null && JSON.parse(error).code === code)) &&
    (endedFrom === undefined || (finishedAt !== null && finishedAt >= endedFrom)) &&
    (endedTo === undefined || (finishedAt !== null && finishedAt < endedTo))
  );
}

function isSeen(one: ExecutionRecord, query: ExecutionQuery): boolean {
  const { projectId, workflowId, statuses, from, to, before } = query;
  return (
    one.projectId === projectId &&
    (workflowId === undefined || one.workflowId === workflowId) &&
    (statuses === undefined || statuses.includes(one.status)) &&
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
