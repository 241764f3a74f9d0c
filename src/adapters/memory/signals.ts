import { hasEnded, isFinal } from '../../core/execution/index.ts';
import type { NewSignal, PostToEach, Signal, SignalBody } from '../../ports/store.ts';
import { addSignal, type Database, toSignal, wake } from './database.ts';
import { removeTests } from './workflows.ts';

const HOUR_MS = 3_600_000;

export function readSignals(database: Database, ids: readonly string[]): Signal[] {
  const found = [...new Set(ids)].flatMap((id) =>
    (database.signals.get(id) ?? []).map((record) => ({ record, signal: toSignal(id, record) })),
  );
  return found.sort((a, b) => a.record.id - b.record.id).map(({ signal }) => signal);
}

export function signaled(database: Database, owner: string): string[] {
  return [...database.signals.keys()].filter((id) => database.executions.get(id)?.owner === owner);
}

/** False where no execution of this id could still take it in. */
export function post(database: Database, { executionId, projectId, signal }: NewSignal): boolean {
  const execution = database.executions.get(executionId);
  if (execution === undefined || execution.projectId !== projectId) return false;
  if (isFinal(execution.status)) return false;
  addSignal(database, executionId, signal);
  wake(database);
  return true;
}

export function postToEach(database: Database, { projectId, ids, statuses, signal }: PostToEach): string[] {
  const meant = [...new Set(ids)].filter((id) => {
    const one = database.executions.get(id);
    return one !== undefined && one.projectId === projectId && statuses.includes(one.status);
  });
  for (const id of meant) {
    const waits = readSignals(database, [id]).some((one) => one.signal.type === signal.type);
    if (!waits) addSignal(database, id, signal);
  }
  if (meant.length > 0) wake(database);
  return meant;
}

export function postToWorkflow(database: Database, projectId: string, workflowId: string, signal: SignalBody): number {
  const living = [...database.executions.values()].filter(
    (one) => one.projectId === projectId && one.workflowId === workflowId && !hasEnded(one.status),
  );
  for (const { id } of living) addSignal(database, id, signal);
  if (living.length > 0) wake(database);
  return living.length;
}

/** The earliest first. */
export function fireTimers(database: Database, now: number, limit: number): { fired: number; nextAt: number | null } {
  const byTime = [...database.timers].sort(([, a], [, b]) => a.at - b.at);
  const due = byTime.filter(([, { at }]) => at <= now).slice(0, Math.max(limit, 0));
  for (const [timerId, { executionId }] of due) {
    database.timers.delete(timerId);
    addSignal(database, executionId, { type: 'timer', timerId });
  }
  if (due.length > 0) wake(database);
  return { fired: due.length, nextAt: byTime[due.length]?.[1].at ?? null };
}

/** Expired keys and sign-ins, and signals that came too late to be taken. */
export function tidy(database: Database, now: number): void {
  for (const [key, { expiresAt }] of database.keys) if (expiresAt < now) database.keys.delete(key);
  for (const [hash, { expiresAt }] of database.signIns) if (expiresAt < now) database.signIns.delete(hash);
  for (const [place, expiresAt] of database.messageIds) if (expiresAt < now) database.messageIds.delete(place);
  for (const slots of database.slots.values()) {
    for (const [id, expiresAt] of slots) if (expiresAt !== null && expiresAt <= now) slots.delete(id);
  }
  for (const id of database.signals.keys()) {
    const status = database.executions.get(id)?.status;
    if (status !== undefined && isFinal(status)) database.signals.delete(id);
  }
  removeTests(database, (id, createdAt) => createdAt < now - HOUR_MS && !database.executions.has(id));
}
