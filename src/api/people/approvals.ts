/** /api/approvals: the inbox, and what is decided there. */
import type { FastifyInstance } from 'fastify';
import { MyelinError } from '../../core/errors.ts';
import { isUuid } from '../../core/uuid.ts';
import type { DueSpot, WaitQuery, WaitRow } from '../../ports/waits.ts';
import { Bell } from '../bell.ts';
import type { ApiDeps } from '../deps.ts';
import { operation } from '../operation.ts';
import { workflowIdOf } from '../workflows.ts';
import { approvalSummary, approvalView, detailsOf } from './approval-view.ts';
import { checkAsked, decide, findApproval, refuseClosed, send } from './decide.ts';

/** How long an answer waits for a delegation to show; it comes later where the owner is busy. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 100;

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

export function approvals(app: FastifyInstance, deps: Deps): void {
  const { store, engine } = deps;
  const view = async (row: WaitRow) => {
    const links = row.closedAt === null ? await engine.links.decisionLinks(row.projectId, row.id) : null;
    return approvalView(row, links);
  };

  operation(app, 'countApprovals', async ({ projectId, query }) => {
    return { count: await store.waits.count({ ...(await filters(deps, projectId, query)), limit: query.limit }) };
  });

  operation(app, 'listApprovals', async ({ projectId, query }) => {
    const { limit, order } = query;
    const found = await store.waits.list({ ...(await filters(deps, projectId, query)), limit: limit + 1 });
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    const nextCursor = last === undefined ? null : order === 'due' ? dueCursor(last) : last.id;
    return { items: items.map(approvalSummary), nextCursor };
  });

  operation(app, 'getApproval', async ({ projectId, params }) => view(await findApproval(deps, projectId, params.id)));

  operation(app, 'decideApproval', async ({ projectId, params, body }) => {
    const row = await findApproval(deps, projectId, params.id);
    refuseClosed(row);
    checkAsked(row, body);
    const { decision, by, as, comment, data } = body;
    const given = { decision, by, ...defined({ as, comment, data }) };
    return await view(await decide(deps, row, given));
  });

  operation(app, 'delegateApproval', async ({ projectId, params, body }) => {
    const row = await findApproval(deps, projectId, params.id);
    refuseClosed(row);
    checkAsked(row, body);
    const { to, by, as } = body;
    const bell = new Bell(engine.outcomes, deps.runtime, row.executionId);
    try {
      await send(deps, row, { delegate: to, by, ...defined({ as }) }, false);
      return await view(await passedOn(deps, row, bell));
    } finally {
      bell.close();
    }
  });
}

/** The row when it shows the delegation, or as it is when patience ends. */
async function passedOn(deps: Deps, before: WaitRow, bell: Bell): Promise<WaitRow> {
  const known = detailsOf(before).delegations.length;
  const until = deps.runtime.now() + PATIENCE_MS;
  for (;;) {
    const row = await findApproval(deps, before.projectId, before.id);
    const isShown = row.closedAt !== null || detailsOf(row).delegations.length > known;
    if (isShown || deps.runtime.now() >= until) return row;
    await bell.wait(LOOK_MS);
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}

interface Filters {
  readonly cursor?: string | undefined;
  readonly order: 'newest' | 'due';
  readonly status?: 'open' | 'decided' | undefined;
  readonly assignee?: readonly string[] | undefined;
  readonly for?: readonly string[] | undefined;
  readonly workflow?: string | undefined;
}

async function filters(
  deps: Deps,
  projectId: string,
  { cursor, order, status, assignee, workflow, for: whom }: Filters,
): Promise<Omit<WaitQuery, 'limit'>> {
  const place = cursor === undefined ? {} : order === 'due' ? { after: spotAt(cursor) } : { before: idAt(cursor) };
  const workflowId = workflow === undefined ? undefined : await workflowIdOf(deps.store.workflows, projectId, workflow);
  return {
    projectId,
    kind: 'approval',
    ...(status !== undefined && { open: status === 'open' }),
    ...(order === 'due' && { byDue: true }),
    ...place,
    ...defined({ assignees: assignee, for: whom, workflowId }),
  };
}

const badCursor = () =>
  new MyelinError('invalid_request', 'query.cursor: take it from `nextCursor` of the page before, in the same order');

function idAt(cursor: string): string {
  if (!isUuid(cursor)) throw badCursor();
  return cursor;
}

/** The due time in milliseconds, or `never`, and the id. */
const dueCursor = (row: WaitRow): string => `${detailsOf(row).due ?? 'never'}.${row.id}`;

const DUE_CURSOR = /^(never|-?\d{1,15})\.([^.]+)$/;

function spotAt(cursor: string): DueSpot {
  const [, due = '', id = ''] = DUE_CURSOR.exec(cursor) ?? [];
  if (!isUuid(id)) throw badCursor();
  return { due: due === 'never' ? null : Number(due), id };
}
