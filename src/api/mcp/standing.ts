/**
 * How an execution stands, read from the store: the same from any process, whichever runs it. News of this process
 * comes at once; what others commit is seen at the next look.
 */
import { MyelinError } from '../../core/errors.ts';
import { hasEnded } from '../../core/execution/index.ts';
import type { ExecutionRow } from '../../ports/store.ts';
import type { WaitRow } from '../../ports/waits.ts';
import { Bell } from '../bell.ts';
import type { ApiDeps } from '../deps.ts';
import { allEvents, findExecution } from '../executions.ts';

/** The first look comes soon, each later one after twice the time, up to the longest. */
const FIRST_LOOK_MS = 20;
const LOOK_MS = 500;
/** Approvals of one execution that are open at a time, and shown. */
const MOST_APPROVALS = 20;

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

export interface Standing {
  readonly row: ExecutionRow;
  /** Of an execution that is completed; else undefined. */
  readonly output: unknown;
  /** Open ones, oldest first. */
  readonly approvals: readonly WaitRow[];
}

/** Throws `execution_not_found`. */
export async function look({ store }: Deps, projectId: string, executionId: string): Promise<Standing> {
  const row = await findExecution(store.executions, projectId, executionId);
  const isWaiting = row.status === 'waiting';
  const query = { projectId, kind: 'approval', open: true, executionId: row.id, limit: MOST_APPROVALS } as const;
  const approvals = isWaiting ? (await store.waits.list(query)).reverse() : [];
  return { row, output: row.status === 'completed' ? await outputOf(store.executions, row) : undefined, approvals };
}

async function outputOf(store: ApiDeps['store']['executions'], row: ExecutionRow): Promise<unknown> {
  let output: unknown = null;
  for await (const event of allEvents(store, row)) {
    if (event.type === 'execution.completed') output = event.data.output ?? null;
  }
  return output;
}

export interface Following {
  readonly projectId: string;
  readonly executionId: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** The caller or the server goes away. */
  readonly over: AbortSignal;
  /** Besides its end, what is worth to stop for. */
  readonly stopsAt?: (standing: Standing) => boolean;
}

/**
 * How it stands at its end, where `stopsAt` says so, or when time is over. That the database is away for a moment is
 * waited out: the execution is accepted. Throws `execution_not_found`, and `store_unavailable` where it is still away then.
 */
export async function follow(deps: Deps, following: Following): Promise<Standing> {
  const { projectId, executionId, until, over, stopsAt } = following;
  const { engine, runtime } = deps;
  const bell = new Bell(engine.outcomes, runtime, executionId);
  const stop = () => bell.ring();
  over.addEventListener('abort', stop);
  try {
    for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(LOOK_MS, 2 * lookMs)) {
      const standing = await look(deps, projectId, executionId).catch(noneWhileAway);
      const leftMs = until - runtime.now();
      const isOver = over.aborted || leftMs <= 0;
      if (standing === undefined && isOver) throw away(executionId);
      if (standing !== undefined && (isOver || hasEnded(standing.row.status) || stopsAt?.(standing))) return standing;
      await bell.wait(Math.min(lookMs, leftMs));
    }
  } finally {
    over.removeEventListener('abort', stop);
    bell.close();
  }
}

function noneWhileAway(error: unknown): undefined {
  if (!(error instanceof MyelinError) || error.code !== 'store_unavailable') throw error;
}

const away = (executionId: string) =>
  new MyelinError('store_unavailable', `The execution ${executionId} is accepted; the database is away for a moment.`);
