/** What a person is shown of an execution: its forms, and the summary that its row makes. */
import type { ErrorInfo } from '../core/errors.ts';
import type { Status } from '../core/execution/index.ts';
import type { Wait } from '../core/execution/state.ts';
import type { ExecutionRow } from '../ports/store.ts';
import type { UsageView } from './node-usage.ts';

export interface ExecutionView extends ExecutionSummaryView {
  /** `$trigger`; where values are omitted, this and the other values are told by their sizes. */
  readonly trigger?: unknown;
  readonly triggerBytes?: number;
  readonly output?: unknown;
  readonly outputBytes?: number;
  readonly waitingFor: WaitView[];
  readonly nodes: NodeView[];
  readonly truncated: boolean;
}

export interface ExecutionSummaryView {
  readonly id: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly version: number;
  readonly status: Status;
  readonly triggerId: string;
  /** It tried a document out. */
  readonly test?: true;
  readonly error: ErrorInfo | null;
  /** ISO strings, as all times here. */
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly parentId: string | null;
}

export interface NodeView {
  readonly path: string;
  readonly id: string;
  readonly type: string;
  readonly status: 'pending' | 'running' | 'waiting' | 'completed' | 'failed' | 'skipped' | 'canceled';
  readonly attempt: number;
  readonly port: string | null;
  readonly input?: unknown;
  readonly inputBytes?: number;
  readonly output?: unknown;
  readonly outputBytes?: number;
  readonly error: ErrorInfo | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly progress?: { readonly done: number; readonly total: number | null };
  readonly usage?: UsageView;
}

export interface WaitView {
  /** Absent where the execution as a whole waits. */
  readonly path?: string;
  readonly reason: Wait['reason'] | 'paused' | 'capacity' | 'gather';
  readonly until?: string;
  readonly executionId?: string;
  readonly waitId?: string;
  readonly lane?: string;
  readonly ahead?: number;
  readonly details?: unknown;
}

/** One iteration of a container, with the nodes of its own. */
export interface IterationView {
  readonly index: number;
  /** Such as each[3]. */
  readonly path: string;
  readonly status: 'running' | 'completed' | 'failed' | 'canceled';
  readonly error: ErrorInfo | null;
  readonly nodes: NodeView[];
}

export function summaryView(row: ExecutionRow): ExecutionSummaryView {
  const { id, workflowId, workflowName, version, status, triggerId, error, parentId } = row;
  const of = { id, workflowId, workflowName, version, status, triggerId, error, parentId };
  return {
    ...of,
    ...(version < 0 && { test: true }),
    createdAt: iso(row.createdAt),
    startedAt: isoOr(row.startedAt),
    finishedAt: isoOr(row.finishedAt),
  };
}

export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOr = (ms: number | null): string | null => (ms === null ? null : iso(ms));
