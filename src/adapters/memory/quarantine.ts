import { diagnose } from '../../core/dead-letter.ts';
import type { ErrorInfo } from '../../core/errors.ts';
import { letterAlert } from '../../core/execution/index.ts';
import type { NewLetter } from '../../ports/dead-letters.ts';
import {
  addMessage,
  addSignal,
  type Database,
  type ExecutionRecord,
  freeSlots,
  keepSignals,
  wake,
} from './database.ts';
import { takeBackEnd } from './figures.ts';
import { abandonCalls } from './ledger.ts';
import { addLetter } from './letters.ts';
import { give, isReviving } from './queue.ts';

/** A retry that is waiting goes with it, or the queue would hand the execution out again and again. */
export function quarantine(database: Database, now: number, id: string, error: ErrorInfo, owner?: string): void {
  const execution = database.executions.get(id);
  if (execution === undefined || (owner !== undefined && execution.owner !== owner)) return;
  if (execution.parentId !== null) {
    const outcome = { status: 'failed', error } as const;
    addSignal(database, execution.parentId, { type: 'child-ended', executionId: id, outcome });
    wake(database);
  }
  takeBackEnd(database, execution);
  Object.assign(execution, { held: false, status: 'failed', error: JSON.stringify(error), finishedAt: now });
  give(database, execution, null);
  freeSlots(database, id);
  keepSignals(database, id, (signal) => !isReviving(signal));
  abandonCalls(database, id, now);
  const birth = birthOf(execution);
  // Nobody waits for what a test came to.
  if (birth.parent === undefined && execution.version > 0) leaveLetter(database, execution, birth, error, now);
}

interface Birth {
  readonly trigger?: unknown;
  readonly parent?: unknown;
  readonly depth?: number;
}

function birthOf({ events }: ExecutionRecord): Birth {
  const [first] = events;
  return first === undefined ? {} : (JSON.parse(first.data) as Birth);
}

function leaveLetter(
  database: Database,
  { id, projectId, workflowId, version, triggerId }: ExecutionRecord,
  { trigger, depth = 0 }: Birth,
  error: ErrorInfo,
  failedAt: number,
): void {
  const letter: NewLetter = {
    ...{ id, projectId, source: 'execution', executionId: id, workflowId, version, triggerId },
    ...{ originalEvent: trigger ?? null, error, path: null, attempts: 0, ...diagnose(error, null) },
    // What cannot be read now can be read by nobody until a person has mended it.
    automatic: false,
    failedAt,
  };
  addLetter(database, letter);
  const name = database.workflows.get(workflowId)?.name ?? '(deleted)';
  const event = letterAlert({ id, trigger, depth, plan: { name } }, letter);
  if (event === null) return;
  addMessage(database, failedAt, { projectId, event });
  wake(database, 'messages');
}
