/** /api/executions: lists, one with its nodes, its history and log, deletion. */
import type { FastifyInstance } from 'fastify';
import type { ExecutionFilterQuery } from '../contract/executions.ts';
import { MyelinError } from '../core/errors.ts';
import { hasEnded, STATUSES, type Status } from '../core/execution/index.ts';
import type { Plan } from '../core/plan/plan.ts';
import { isUuid } from '../core/uuid.ts';
import type { ExecutionQuery, ExecutionRow, ExecutionStore, StoredEvent } from '../ports/store.ts';
import { logLine } from '../projections/execution-log.ts';
import { summaryView } from '../projections/execution-shape.ts';
import { ExecutionFold } from '../projections/execution-view.ts';
import { flowWaits } from '../projections/flow-view.ts';
import type { ApiDeps } from './deps.ts';
import { EventStreams, eventAnswer } from './event-stream.ts';
import { operation } from './operation.ts';
import { TokenStreams } from './token-stream.ts';
import { workflowIdOf } from './workflows.ts';

/** Events read at once while a view is folded. */
const PAGE = 1_000;

/** Executions that are looked at for one page by what no index knows: some 10 ms. */
export const REACH = 20_000;

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

/** `closing` fires when the server stops: streams end then. */
export function executions(app: FastifyInstance, deps: Deps, closing: AbortSignal): void {
  const store = deps.store.executions;
  const streams = new EventStreams(deps, closing);
  const texts = new TokenStreams(deps, closing);

  operation(app, 'listExecutions', async ({ projectId, query: { limit, cursor, ...filter } }) => {
    const of = { ...(await filterOf(deps, projectId, filter)), ...placeOf(cursor), limit, reach: REACH };
    const { items, next } = await store.page(of);
    return { items: items.map(summaryView), nextCursor: next };
  });

  operation(app, 'countExecutions', async ({ projectId, query: { limit, ...filter } }) => {
    return await store.count({ ...(await filterOf(deps, projectId, filter)), limit, reach: REACH });
  });

  operation(app, 'getExecution', async ({ projectId, params, query }) => {
    const row = await findExecution(store, projectId, params.id);
    const plan = await planOf(deps, row);
    const { include, values, at } = query;
    const options = {
      ...{ input: include === 'input', omitsValues: values === 'omit', isPast: at !== undefined },
      ...(values === 'whole' && { maxNodes: 0 }),
    };
    const fold = new ExecutionFold(row, plan, options);
    await foldHistory(store, row, fold, at);
    const view = fold.view();
    if (values === 'whole') return { ...view, waitingFor: [] };
    const place =
      row.status === 'pending' && at === undefined ? await deps.store.flow.place(projectId, row.id) : undefined;
    return place === undefined ? view : { ...view, waitingFor: [...view.waitingFor, ...flowWaits(place)] };
  });

  operation(app, 'listExecutionEvents', async ({ projectId, params, query, request, reply }) => {
    const row = await findExecution(store, projectId, params.id);
    if (request.headers.accept?.includes('text/event-stream')) {
      await streams.answer(row, query, request, reply);
      return undefined;
    }
    const events = await store.events(projectId, row.id, query.after, query.limit);
    return page(events, query.limit, (event) => eventAnswer(event, query.values === 'omit'));
  });

  operation(app, 'streamExecution', async ({ projectId, params, query, request, reply }) => {
    const row = await findExecution(store, projectId, params.id);
    await texts.answer(row, await planOf(deps, row), query.from, request, reply);
    return undefined;
  });

  operation(app, 'listExecutionLogs', async ({ projectId, params, query }) => {
    const row = await findExecution(store, projectId, params.id);
    return page(await store.events(projectId, row.id, query.after, query.limit), query.limit, logLine);
  });

  operation(app, 'deleteExecution', async ({ projectId, params }) => {
    const { id, status } = await findExecution(store, projectId, params.id);
    if (!hasEnded(status)) {
      throw new MyelinError('execution_active', `The execution is ${status}; cancel it before you delete it.`);
    }
    if (!(await store.delete(projectId, id))) {
      const { status: now } = await findExecution(store, projectId, id);
      throw new MyelinError('execution_active', `The execution was ${status} and is being led on; it is ${now}.`);
    }
    return undefined;
  });
}

/** Throws `execution_not_found`. */
export async function findExecution(store: ExecutionStore, projectId: string, id: string): Promise<ExecutionRow> {
  const row = isUuid(id) ? await store.get(projectId, id) : undefined;
  if (row === undefined) throw new MyelinError('execution_not_found', `There is no execution ${id}.`);
  return row;
}

function page<T>(events: readonly StoredEvent[], limit: number, show: (event: StoredEvent) => T) {
  const last = events.length < limit ? undefined : events.at(-1);
  return { items: events.map(show), nextCursor: last === undefined ? null : String(last.seq) };
}

/** Undefined where the workflow was deleted. */
export async function planOf(
  { engine }: Pick<Deps, 'engine'>,
  { projectId, workflowId, version }: ExecutionRow,
): Promise<Plan | undefined> {
  try {
    return await engine.plans.get(projectId, workflowId, version);
  } catch (error) {
    if (error instanceof MyelinError && error.code === 'workflow_not_found') return undefined;
    throw error;
  }
}

/** All events, or those up to `at`. Throws `invalid_request` where there is no such event. */
export async function foldHistory(
  store: ExecutionStore,
  row: ExecutionRow,
  fold: { add(event: StoredEvent): void },
  at: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  let seq = 0;
  for await (const page of pagesOf(store, row)) {
    for (const event of page) {
      if (event.seq > at) return;
      fold.add(event);
      seq = event.seq;
    }
  }
  if (seq < at && at !== Number.POSITIVE_INFINITY) {
    throw new MyelinError('invalid_request', `query.at: the execution has ${seq} events`);
  }
}

export async function* allEvents(store: ExecutionStore, row: ExecutionRow): AsyncGenerator<StoredEvent> {
  for await (const page of pagesOf(store, row)) yield* page;
}

/** Page after page, so that a huge history is never in memory whole; the next is read while one is folded. */
async function* pagesOf(store: ExecutionStore, { projectId, id }: ExecutionRow): AsyncGenerator<StoredEvent[]> {
  let next = store.events(projectId, id, 0, PAGE);
  for (;;) {
    const events = await next;
    const last = events.length < PAGE ? undefined : events.at(-1);
    if (last !== undefined) {
      next = store.events(projectId, id, last.seq, PAGE);
      // Whoever has enough does not come back for it.
      next.catch(() => undefined);
    }
    yield events;
    if (last === undefined) return;
  }
}

/** Executions whose error has a code, and those that have an end: of the others none is looked at for these. */
const WITH_ERROR = ['failed', 'compensated', 'compensation_failed'] as const satisfies readonly Status[];
const ENDED = STATUSES.filter(hasEnded);

export async function filterOf(
  deps: Pick<Deps, 'store'>,
  projectId: string,
  { status, workflow, trigger, code, from, to, endedFrom, endedTo }: ExecutionFilterQuery,
): Promise<Omit<ExecutionQuery, 'limit'>> {
  const workflowId = workflow === undefined ? undefined : await workflowIdOf(deps.store.workflows, projectId, workflow);
  const hasEnd = endedFrom !== undefined || endedTo !== undefined;
  const statuses = status ?? (code !== undefined ? WITH_ERROR : hasEnd ? ENDED : undefined);
  return {
    projectId,
    ...(statuses !== undefined && { statuses }),
    ...(trigger !== undefined && { triggerId: trigger }),
    ...(code !== undefined && { code }),
    ...(workflowId !== undefined && { workflowId }),
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
    ...(endedFrom !== undefined && { endedFrom: Date.parse(endedFrom) }),
    ...(endedTo !== undefined && { endedTo: Date.parse(endedTo) }),
  };
}

/** `before`, by the cursor of a page. */
export function placeOf(cursor: string | undefined): { readonly before?: string } {
  if (cursor === undefined) return {};
  if (isUuid(cursor)) return { before: cursor };
  throw new MyelinError('invalid_request', 'cursor: take it from `nextCursor` of the page before');
}
