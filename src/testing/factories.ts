/**
 * What tests of the store and the engine are made of: events, commits, workflows. Everything has ids of its own, so
 * that tests can share a database; what a test is about is given, the rest is as in a plain run.
 */
import { uuidv7 } from 'uuidv7';
import type { Definition } from '../core/definition/schema.ts';
import type { ErrorInfo } from '../core/errors.ts';
import type { ExecutionEvent } from '../core/execution/index.ts';
import type { NewKey } from '../ports/access.ts';
import type { NewLetter } from '../ports/dead-letters.ts';
import { type Commit, DEFAULT_PROJECT, type NewExecution, type NewSignal, type SignalBody } from '../ports/store.ts';
import type { NewTrigger, NewWorkflow } from '../ports/workflows.ts';

/** UUIDv7; each is greater than the one before. */
export const newId = (): string => uuidv7();

/** An id that was made at this time. */
export function idAt(ms: number): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${newId().slice(13)}`;
}

/** A name that no other test has: letters and digits only, so that every collation orders it alike. */
export const newName = (): string => `t${newId().replaceAll('-', '')}`;

/** Milliseconds since the epoch. The database has a clock of its own, so time in these tests is real. */
export const NOW = Date.now();
export const HOUR = 3_600_000;

export const FAILURE: ErrorInfo = {
  code: 'node_failed',
  kind: 'permanent',
  message: 'it broke',
  data: { at: 'fetch' },
};

/** A key of the first project that may everything. What stands for its hash is an id. */
export function aKey(over: Partial<NewKey> = {}): NewKey {
  return {
    ...{ id: newId(), projectId: DEFAULT_PROJECT, name: newName(), role: 'owner', hash: newId() },
    ...{ ending: 'aB-9', createdBy: null, createdAt: NOW, expiresAt: null },
    ...over,
  };
}

/* ---------------------------------------------------------------- events */

export function executionCreated(trigger: unknown = { body: { n: 1 } }): ExecutionEvent {
  return { type: 'execution.created', at: NOW, data: { workflowId: newId(), version: 1, triggerId: 'hook', trigger } };
}

const executionStarted = (): ExecutionEvent => ({ type: 'execution.started', at: NOW + 1, data: {} });

export function nodeCompleted(output: unknown, path = 'fetch'): ExecutionEvent {
  return { type: 'node.completed', at: NOW + 2, data: { path, port: 'out', output } };
}

function executionCompleted(output: unknown = null): ExecutionEvent {
  return { type: 'execution.completed', at: NOW + 3, data: { output } };
}

/* ---------------------------------------------------------------- commits */

export type Creation = Commit & { readonly create: NewExecution };

/** Creates an execution; queued and pending unless told otherwise. */
export function creation(over: Partial<Commit> = {}, execution: Partial<NewExecution> = {}): Creation {
  const workflowId = execution.workflowId ?? newId();
  return {
    executionId: newId(),
    projectId: newId(),
    workflowId,
    writer: newId(),
    firstSeq: 1,
    events: [executionCreated()],
    status: 'pending',
    owner: null,
    startedAt: null,
    finishedAt: null,
    error: null,
    ...NOTHING_ELSE,
    ...over,
    create: { ...PLAIN_EXECUTION, workflowId, ...execution },
  };
}

const NOTHING_ELSE = { arm: [], disarm: [], taken: [], posts: [], children: [] };

const PLAIN_EXECUTION = { version: 1, triggerId: 'hook', priority: 1, createdAt: NOW, parentId: null };

/** Creates an execution that `owner` keeps and has begun. */
export function ownedCreation(owner: string = newId(), over: Partial<Commit> = {}): Creation {
  const events = [executionCreated(), executionStarted()];
  return creation({ writer: owner, owner, events, status: 'running', startedAt: NOW + 1, ...over });
}

/** Creates an execution that has ended. */
export function endedCreation(over: Partial<Commit> = {}, execution: Partial<NewExecution> = {}): Creation {
  const events = [executionCreated(), executionStarted(), executionCompleted()];
  const times = { startedAt: NOW + 1, finishedAt: NOW + 3 };
  return creation({ events, status: 'completed', ...times, ...over }, execution);
}

/** The commit after `before`, by its owner, who keeps the execution. */
export function following(before: Commit, over: Partial<Commit> = {}): Commit {
  const { executionId, projectId, workflowId, writer, owner } = before;
  return {
    executionId,
    projectId,
    workflowId,
    writer: owner ?? writer,
    firstSeq: before.firstSeq + before.events.length,
    events: [nodeCompleted({ ok: true })],
    status: 'running',
    owner,
    startedAt: before.startedAt,
    finishedAt: null,
    error: null,
    ...NOTHING_ELSE,
    ...over,
  };
}

/** `following`, after which the execution waits and nobody owns it. */
export function resting(before: Commit, over: Partial<Commit> = {}): Commit {
  return following(before, { status: 'waiting', owner: null, ...over });
}

/** `following`, with which the execution fails. */
export function failing(before: Commit, over: Partial<Commit> = {}): Commit {
  const failed: ExecutionEvent = { type: 'execution.failed', at: NOW + 3, data: { error: FAILURE, path: 'fetch' } };
  const end = { status: 'failed', owner: null, finishedAt: NOW + 3, error: FAILURE } as const;
  return following(before, { events: [failed], ...end, ...over });
}

/** The dead letter of an execution that failed; rules retry it unless told otherwise. */
export function letterOf(of: Commit, over: Partial<NewLetter> = {}): NewLetter {
  const { executionId, projectId, create } = of;
  return {
    ...{ id: executionId, projectId, source: 'execution', executionId },
    ...{ workflowId: create?.workflowId ?? newId(), version: 1, triggerId: 'hook', originalEvent: { body: { n: 1 } } },
    ...{ error: FAILURE, path: 'fetch', attempts: 3, category: 'timeout', action: 'wait', fingerprint: 'node_failed' },
    ...{ automatic: true, failedAt: NOW + 3, ...over },
  };
}

export function signalTo(
  to: { readonly executionId: string; readonly projectId: string },
  signal: SignalBody = { type: 'cancel', reason: 'a test' },
): NewSignal {
  return { executionId: to.executionId, projectId: to.projectId, signal };
}

export const RETRY: SignalBody = { type: 'retry', reason: 'a test' };

/* ---------------------------------------------------------------- workflows */

export function definition(name: string, over: Partial<Definition> = {}): Definition {
  return { name, nodes: [{ id: 'first', type: 'transform', config: { set: { a: '{{ $json.b }}' } } }], ...over };
}

/** A draft of the default project, the one that every database has. */
export function newWorkflow(over: Partial<NewWorkflow> = {}): NewWorkflow {
  const base = { id: newId(), projectId: DEFAULT_PROJECT, definition: definition(newName()) };
  return { ...base, status: 'draft', triggers: [], now: NOW, ...over };
}

export function webhookTrigger(path: string, over: { name?: string; method?: string } = {}): NewTrigger {
  const { name = 'hook', method = 'POST' } = over;
  return { id: newId(), name, type: 'webhook', config: { path, method }, webhook: { path, method } };
}
