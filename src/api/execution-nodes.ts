/** /api/executions/:id/node and /nodes: one node with its attempts, and the iterations of a container, page by page. */
import type { FastifyInstance } from 'fastify';
import type { Iteration } from '../contract/execution-nodes.ts';
import { MyelinError } from '../core/errors.ts';
import { isContainer } from '../core/node-type.ts';
import { nodeAt } from '../core/plan/node-at.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { ExecutionRow } from '../ports/store.ts';
import { ExecutionFold } from '../projections/execution-view.ts';
import { IterationScan, isIterationOf } from '../projections/iteration-scan.ts';
import { NodeFold } from '../projections/node-detail.ts';
import type { ApiDeps } from './deps.ts';
import { findExecution, foldHistory, planOf } from './executions.ts';
import { operation } from './operation.ts';

type Deps = Pick<ApiDeps, 'store' | 'engine'>;

export function executionNodes(app: FastifyInstance, deps: Deps): void {
  const store = deps.store.executions;

  operation(app, 'getExecutionNode', async ({ projectId, params, query }) => {
    const { path, attempt, values, at } = query;
    const row = await findExecution(store, projectId, params.id);
    const plan = await planOf(deps, row);
    if (plan !== undefined && nodeAt(plan, path) === undefined) throw unknownNode(path);
    const fold = new NodeFold(row, plan, path, { omitsValues: values === 'omit', isPast: at !== undefined });
    await foldHistory(store, row, fold, at);
    const node = fold.view();
    if (node === undefined) throw new MyelinError('node_not_found', `${path} has not begun.`);
    if (attempt === undefined) return node;
    const attempts = node.attempts.filter((one) => one.attempt === attempt);
    if (attempts.length === 0) throw new MyelinError('node_not_found', `${path} has made no attempt ${attempt}.`);
    return { ...node, attempts };
  });

  operation(app, 'listIterations', async ({ projectId, params, query }) => {
    const { parent, status, limit, cursor, values, at } = query;
    const from = cursor === undefined ? 0 : toIndex(cursor);
    const row = await findExecution(store, projectId, params.id);
    const plan = containing(await planOf(deps, row), parent);
    // Which they are is known only at the end: where a status is wanted, the history is gone through twice.
    const wanted = status === undefined ? undefined : await indexesOf(row, plan, parent, status, at);
    const shown = wanted?.filter((index) => index >= from).slice(0, limit + 1);
    const page = shown && new Set(shown.slice(0, limit));
    let begun = 0;
    const keeps = (prefix: string, index: number) => {
      if (!isIterationOf(prefix, parent)) return false;
      begun = Math.max(begun, index + 1);
      return page?.has(index) ?? (index >= from && index < from + limit);
    };
    const options = { keeps, omitsValues: values === 'omit', isPast: at !== undefined };
    const fold = new ExecutionFold(row, plan, options);
    await foldHistory(store, row, fold, at);
    const next = shown === undefined ? (begun > from + limit ? from + limit : undefined) : shown[limit];
    return { items: fold.iterations(parent), nextCursor: next === undefined ? null : String(next) };
  });

  async function indexesOf(
    row: ExecutionRow,
    plan: Plan,
    parent: string,
    status: Iteration['status'],
    at: number | undefined,
  ): Promise<number[]> {
    const scan = new IterationScan(row, plan, parent);
    await foldHistory(store, row, scan, at);
    return scan.of(status);
  }
}

/** Throws where the plan is gone, has no such node, or it is no container. */
function containing(plan: Plan | undefined, parent: string): Plan {
  if (plan === undefined) throw new MyelinError('workflow_not_found', 'The definition of the execution is gone.');
  const node = nodeAt(plan, parent);
  if (node === undefined) throw unknownNode(parent);
  if (isContainer(node.type)) return plan;
  throw new MyelinError('invalid_request', `query.parent: ${parent} is a ${node.type.type}, which has no iterations`);
}

const unknownNode = (path: string) => new MyelinError('node_not_found', `The workflow has no node ${path}.`);

function toIndex(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw new MyelinError('invalid_request', 'query.cursor: take it from `nextCursor` of the page before');
}
