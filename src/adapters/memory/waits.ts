/** Questions to the outside, in memory. */
import { hasEnded } from '../../core/execution/index.ts';
import { eventKeysOf, waitIndex } from '../../core/wait-index.ts';
import type { Commit } from '../../ports/store.ts';
import type {
  Answered,
  CallbackPlace,
  DueSpot,
  EventWait,
  NewAnswer,
  WaitQuery,
  WaitRow,
  WaitStore,
} from '../../ports/waits.ts';
import { addSignal, type Database, type WaitRecord, wake } from './database.ts';

export function waitStore(database: Database): WaitStore {
  return {
    get: async (projectId, id) => {
      const record = database.waits.get(id);
      return record?.projectId === projectId ? toRow(database, id, record) : undefined;
    },
    list: async (query) => list(database, query),
    count: async (query) => list(database, query).length,
    answer: async (answers, now) => {
      const inOrder = [...answers].sort((a, b) => (a.waitId < b.waitId ? -1 : 1));
      const results = new Map(inOrder.map((one) => [one.waitId, answer(database, one, now)]));
      if ([...results.values()].includes('taken')) wake(database);
      return answers.map(({ waitId }) => results.get(waitId) as Answered);
    },
    callback: async (projectId, executionId, node) => callback(database, projectId, executionId, node),
    expected: async (projectId, types) =>
      new Set(types.filter((type) => forEvent(database, projectId, type, { limit: 1 }).length > 0)),
    forEvent: async (projectId, type, page) => forEvent(database, projectId, type, page),
  };
}

function toRow({ executions, workflows }: Database, id: string, record: WaitRecord): WaitRow {
  const { projectId, executionId, path, kind, createdAt, closedAt, closedBy } = record;
  const workflowId = executions.get(executionId)?.workflowId ?? '';
  const workflowName = workflows.get(workflowId)?.name ?? '(deleted)';
  const of = { id, projectId, executionId, workflowId, workflowName, path, kind, createdAt, closedAt, closedBy };
  return { ...of, details: JSON.parse(record.details), answer: JSON.parse(record.answer ?? 'null') };
}

function list(database: Database, query: WaitQuery): WaitRow[] {
  const { projectId, kind, open, assignees, workflowId, executionId, before, byDue, after, limit } = query;
  const asks = (one: WaitRecord, names: readonly string[]) => one.assignees?.some((name) => names.includes(name));
  const dueOf = (id: string) => database.waits.get(id)?.due ?? Number.POSITIVE_INFINITY;
  const byTime = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? 1 : -1);
  const isAfter = (id: string, spot: DueSpot) => {
    const [mine, its] = [dueOf(id), spot.due ?? Number.POSITIVE_INFINITY];
    return mine > its || (mine === its && id < spot.id);
  };
  return [...database.waits]
    .filter(([id, one]) => one.projectId === projectId && one.kind === kind && (before === undefined || id < before))
    .filter(([id]) => after === undefined || isAfter(id, after))
    .filter(([, one]) => open === undefined || (one.closedAt === null) === open)
    .filter(([, one]) => executionId === undefined || one.executionId === executionId)
    .filter(([, one]) => assignees === undefined || asks(one, assignees))
    .filter(([, one]) => query.for === undefined || one.assignees === null || asks(one, query.for))
    .map(([id, one]) => toRow(database, id, one))
    .filter((row) => workflowId === undefined || row.workflowId === workflowId)
    .sort((a, b) => (byDue && dueOf(a.id) !== dueOf(b.id) ? dueOf(a.id) - dueOf(b.id) : byTime(a, b)))
    .slice(0, limit);
}

function answer(database: Database, { projectId, waitId, answer, final, message }: NewAnswer, now: number): Answered {
  const record = database.waits.get(waitId);
  if (record?.projectId !== projectId) return 'absent';
  if (record.closedAt !== null) return 'closed';
  const execution = database.executions.get(record.executionId);
  if (execution === undefined || hasEnded(execution.status)) return 'ended';
  const { executionId } = record;
  const isIts = (one: WaitRecord) => one.executionId === executionId && one.message === message;
  if (message !== undefined && [...database.waits.values()].some(isIts)) return 'repeated';
  if (final) {
    const text = JSON.stringify(answer ?? null);
    database.waits.set(waitId, {
      ...record,
      closedAt: now,
      closedBy: 'answer',
      answer: text,
      message: message ?? null,
    });
  }
  addSignal(database, executionId, { type: 'answer', waitId, answer });
  return 'taken';
}

function callback(database: Database, projectId: string, executionId: string, node?: string): CallbackPlace {
  const found = [...database.waits].filter(
    ([, one]) =>
      one.projectId === projectId &&
      one.executionId === executionId &&
      one.kind === 'callback' &&
      (node === undefined || one.path.slice(one.path.lastIndexOf('/') + 1) === node),
  );
  const [open] = found.filter(([, one]) => one.closedAt === null).sort(byId);
  if (open !== undefined) return { state: 'open', waitId: open[0] };
  return { state: found.length > 0 ? 'closed' : 'none' };
}

function forEvent(
  database: Database,
  projectId: string,
  type: string,
  { after, limit }: { readonly after?: string; readonly limit: number },
): EventWait[] {
  const keys = eventKeysOf(type);
  return [...database.waits]
    .filter(([id, one]) => one.projectId === projectId && one.closedAt === null && (after === undefined || id > after))
    .filter(([, one]) => one.eventKey !== null && keys.includes(one.eventKey))
    .sort(byId)
    .slice(0, limit)
    .map(([id, one]) => ({ id, executionId: one.executionId, details: JSON.parse(one.details) }));
}

const byId = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** True where a question that is to expire has been answered. */
export function isStale({ waits }: Database, closes: Commit['closes']): boolean {
  return closes?.some(({ waitId, expired }) => expired && waits.get(waitId)?.closedBy === 'answer') ?? false;
}

export function writeWaits({ waits }: Database, { projectId, executionId, events, opens, closes }: Commit): void {
  const at = events.at(-1)?.at ?? 0;
  for (const { waitId, path, kind, details } of opens ?? []) {
    const now = { details: JSON.stringify(details ?? null), ...waitIndex(kind, details) };
    const open = { closedAt: null, closedBy: null, answer: null, message: null };
    const record = waits.get(waitId) ?? { projectId, executionId, path, kind, createdAt: at, ...open };
    waits.set(waitId, { ...record, ...now });
  }
  for (const { waitId, expired } of closes ?? []) {
    const record = waits.get(waitId);
    if (record === undefined || record.closedAt !== null) continue;
    waits.set(waitId, { ...record, closedAt: at, closedBy: expired ? 'time' : 'execution' });
  }
}
