/**
 * What a person does with an execution: cancel, pause, resume, retry, skip, resolve. Each is tried out on a copy of the
 * execution first, so that what cannot be is refused with its reason; then it is a signal, whoever owns the
 * execution, and a short wait for what comes of it.
 */
import type { FastifyInstance } from 'fastify';
import { MyelinError } from '../core/errors.ts';
import { decide, type EventType, type ExecutionState, replay } from '../core/execution/index.ts';
import { find, isInDoubt, nodeState } from '../core/execution/state.ts';
import type { ExecutionRow, SignalBody } from '../ports/store.ts';
import { summaryView } from '../projections/execution-shape.ts';
import { Bell } from './bell.ts';
import type { ApiDeps } from './deps.ts';
import { findExecution } from './executions.ts';
import { operation } from './operation.ts';

/** How long an answer waits for the change; it comes later where the owner is busy. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 100;
const PAGE = 1_000;

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

/** The events that say that a signal was taken. */
const TAKEN = {
  cancel: ['execution.canceled', 'execution.failing', 'execution.compensating', 'execution.compensation_failed'],
  retry: ['execution.retried'],
  pause: ['execution.paused'],
  resume: ['execution.resumed'],
  skip: ['node.skipped'],
} as const satisfies Partial<Record<SignalBody['type'], readonly EventType[]>>;

type Control = Extract<SignalBody, { type: keyof typeof TAKEN }>;

export function control(app: FastifyInstance, deps: Deps): void {
  operation(app, 'cancelExecution', async ({ projectId, params, body }) => {
    const { reason = 'canceled by a person', compensate = false } = body;
    return await send(deps, projectId, params.id, () => ({ type: 'cancel', reason, compensate }));
  });

  operation(app, 'retryExecution', async ({ projectId, params, body }) => {
    const { reason = 'retried by a person', from } = body;
    const retry = from === undefined ? { reason } : { reason, from };
    return await send(deps, projectId, params.id, () => ({ type: 'retry', ...retry }));
  });

  operation(app, 'pauseExecution', async ({ projectId, params, body }) => {
    const { reason = 'paused by a person' } = body;
    return await send(deps, projectId, params.id, () => ({ type: 'pause', reason }));
  });

  operation(app, 'resumeExecution', async ({ projectId, params, body }) => {
    const { reason = 'resumed by a person' } = body;
    return await send(deps, projectId, params.id, () => ({ type: 'resume', reason }));
  });

  operation(app, 'skipNode', async ({ projectId, params, body }) => {
    const { reason = 'skipped by a person', ...skip } = body;
    return await send(deps, projectId, params.id, () => ({ type: 'skip', reason, ...skip }));
  });

  operation(app, 'resolveNode', async ({ projectId, params, body }) => {
    const {
      path,
      happened,
      output,
      reason = `resolved by a person: it ${happened ? 'happened' : 'did not happen'}`,
    } = body;
    return await send(deps, projectId, params.id, (state) => {
      refuseUnlessInDoubt(state, path);
      return happened ? { type: 'skip', path, output, reason } : { type: 'retry', reason, resolves: path };
    });
  });
}

function refuseUnlessInDoubt(state: ExecutionState, path: string): void {
  const ref = find(state, path);
  const at = ref === undefined ? undefined : nodeState(ref);
  if (at === undefined || !isInDoubt(at))
    throw new MyelinError('illegal_transition', `There is no node in doubt at ${path}.`);
}

/** Posts the signal and resolves with the execution when it is taken, or as it is when patience ends. */
async function send(deps: Deps, projectId: string, id: string, choose: (state: ExecutionState) => Control) {
  const { store, engine, runtime } = deps;
  const row = await findExecution(store.executions, projectId, id);
  const state = await read(deps, row);
  const after = state.seq;
  const signal = choose(state);
  tryOut(deps, state, signal);
  const bell = new Bell(engine.outcomes, runtime, id);
  try {
    await store.executions.post({ executionId: id, projectId, signal });
    engine.wake();
    const until = runtime.now() + PATIENCE_MS;
    const seen = { seq: after };
    while (!(await isTaken(deps, row, seen, TAKEN[signal.type])) && runtime.now() < until) await bell.wait(LOOK_MS);
    return summaryView(await findExecution(store.executions, projectId, id));
  } finally {
    bell.close();
  }
}

async function read(
  { store, engine }: Deps,
  { id, projectId, workflowId, version }: ExecutionRow,
): Promise<ExecutionState> {
  const plan = await engine.plans.get(projectId, workflowId, version);
  const histories = await store.executions.histories([id]);
  return replay(id, projectId, plan, histories.get(id) ?? []);
}

/** Throws `illegal_transition` where the execution, as it is now, would refuse it. */
function tryOut({ runtime }: Deps, state: ExecutionState, signal: Control): void {
  decide(state, signal, { now: runtime.now(), id: () => runtime.id(), random: () => runtime.random() });
}

/** Looks at what came since it looked last. */
async function isTaken(
  { store }: Deps,
  row: ExecutionRow,
  seen: { seq: number },
  types: readonly EventType[],
): Promise<boolean> {
  const events = await store.executions.events(row.projectId, row.id, seen.seq, PAGE);
  seen.seq = events.at(-1)?.seq ?? seen.seq;
  return events.some((event) => types.includes(event.type));
}
