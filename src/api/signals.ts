/** Cancel and retry: a signal to the execution, whoever owns it, and a short wait for what comes of it. */
import type { FastifyInstance } from 'fastify';
import { MyelinError } from '../core/errors.ts';
import { canMove, hasEnded } from '../core/execution/index.ts';
import type { ExecutionRow, SignalBody } from '../ports/store.ts';
import { summaryView } from '../projections/execution-view.ts';
import { Bell } from './bell.ts';
import type { ApiDeps } from './deps.ts';
import { findExecution } from './executions.ts';
import { operation } from './operation.ts';

/** How long an answer waits for the change; it comes later where the owner is busy. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 100;

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

export function signals(app: FastifyInstance, deps: Deps): void {
  const store = deps.store.executions;

  operation(app, 'cancelExecution', async ({ projectId, params, body }) => {
    const row = await findExecution(store, projectId, params.id);
    if (hasEnded(row.status)) throw illegal(row, 'canceled');
    const reason = body.reason ?? 'canceled by a person';
    return summaryView(await send(deps, row, { type: 'cancel', reason }, (now) => hasEnded(now.status)));
  });

  operation(app, 'retryExecution', async ({ projectId, params, body }) => {
    const row = await findExecution(store, projectId, params.id);
    if (!canMove(row.status, 'pending')) throw illegal(row, 'retried');
    const reason = body.reason ?? 'retried by a person';
    const isRetried = (now: ExecutionRow) => now.status !== row.status || now.finishedAt !== row.finishedAt;
    return summaryView(await send(deps, row, { type: 'retry', reason }, isRetried));
  });
}

function illegal({ status }: ExecutionRow, wanted: string): MyelinError {
  return new MyelinError('illegal_transition', `The execution is ${status}; it cannot be ${wanted}.`);
}

/** Posts the signal and resolves with the execution when it is taken, or as it is when patience ends. */
async function send(
  { store, engine, runtime }: Deps,
  { id, projectId }: ExecutionRow,
  signal: SignalBody,
  isTaken: (now: ExecutionRow) => boolean,
): Promise<ExecutionRow> {
  const bell = new Bell(engine.outcomes, runtime, id);
  try {
    await store.executions.post({ executionId: id, projectId, signal });
    engine.wake();
    const until = runtime.now() + PATIENCE_MS;
    for (;;) {
      const now = await findExecution(store.executions, projectId, id);
      if (isTaken(now) || runtime.now() >= until) return now;
      await bell.wait(LOOK_MS);
    }
  } finally {
    bell.close();
  }
}
