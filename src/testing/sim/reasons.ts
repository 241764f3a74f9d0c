/** Why an execution waits: each of its reasons must be somewhere in the database, at any time, or it waits for ever. */
import type { Database } from '../../adapters/memory/database.ts';
import { type ExecutionState, hasEnded, isFinal } from '../../core/execution/index.ts';

/** What it waits for and what is nowhere. */
export function missingReasons(database: Database, state: ExecutionState): string[] {
  if (isFinal(state.status)) return [];
  const { waits, deadline, failure } = state;
  if (waits.size === 0 && deadline === null) return [];
  const missing: string[] = [];
  const signals = signalsOf(database, state.id);
  for (const [id, { reason, until }] of waits) {
    const isTimed = reason === 'timer' || reason === 'retry' || until !== null;
    const source = isTimed ? isTimer : reason === 'child' ? isChildToEnd : isOpen;
    if (!signals.has(id) && !source(database, id)) missing.push(`the ${reason} ${id}, which will not come`);
  }
  // Once it fails, its time is over anyway.
  if (deadline !== null && failure === null && !isTimer(database, deadline) && !signals.has(deadline)) {
    missing.push(`its deadline ${deadline}, which will not come`);
  }
  return missing;
}

/** Ids of timers, children and questions that signals on their way to it name. */
function signalsOf(database: Database, executionId: string): Set<string> {
  const found = new Set<string>();
  for (const { body } of database.signals.get(executionId) ?? []) {
    const signal = JSON.parse(body);
    found.add(signal.timerId ?? signal.executionId ?? signal.waitId);
  }
  return found;
}

const isTimer = (database: Database, id: string): boolean => database.timers.has(id);

function isChildToEnd(database: Database, id: string): boolean {
  const child = database.executions.get(id);
  return child !== undefined && !hasEnded(child.status);
}

/** Somebody may still answer it. */
function isOpen(database: Database, id: string): boolean {
  return database.waits.get(id)?.closedAt === null;
}
