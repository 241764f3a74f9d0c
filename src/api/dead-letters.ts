/** /api/dead-letters: lists and groups, what people do with them, and the rules by which they are retried. */
import type { FastifyInstance } from 'fastify';
import type { LetterFilterQuery } from '../contract/dead-letters.ts';
import { formatDuration, parseDuration } from '../core/duration.ts';
import { MyelinError } from '../core/errors.ts';
import { DEFAULT_RULES, type RetryRule } from '../core/retry-rule.ts';
import { isUuid } from '../core/uuid.ts';
import type { LetterFilter, LetterRow } from '../ports/dead-letters.ts';
import { letterGroup, letterSummary, letterView } from '../projections/letter-view.ts';
import { BULK_PAGE, bulkAnswer } from './bulk.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';
import { workflowIdOf } from './workflows.ts';

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

export function deadLetters(app: FastifyInstance, deps: Deps): void {
  const store = deps.store.deadLetters;
  const { requeue } = deps.engine;

  operation(app, 'countDeadLetters', async ({ projectId, query: { limit, ...filter } }) => {
    return { count: await store.count(await filterOf(deps, projectId, filter), limit) };
  });

  operation(app, 'listDeadLetters', async ({ projectId, query: { limit, cursor, ...filter } }) => {
    const query = { ...(await filterOf(deps, projectId, filter)), after: placeOf(cursor), limit: limit + 1 };
    const found = await store.list(query);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items: items.map(letterSummary), nextCursor: found.length > limit && last ? cursorOf(last) : null };
  });

  operation(app, 'listDeadLetterGroups', async ({ projectId, query: { limit, ...filter } }) => {
    const found = await store.groups(await filterOf(deps, projectId, filter), limit);
    return { items: found.map(letterGroup), nextCursor: null };
  });

  operation(app, 'getDeadLetter', async ({ projectId, params }) => {
    return letterView(await requeue.find(projectId, idOf(params.id)));
  });

  operation(app, 'requeueDeadLetter', async ({ projectId, params, body }) => {
    return letterView(await requeue.one(projectId, idOf(params.id), body.payload));
  });

  operation(app, 'requeueDeadLetters', async ({ projectId, body: { filter, cursor } }) => {
    const query = { ...(await filterOf(deps, projectId, filter)), after: placeOf(cursor), limit: BULK_PAGE };
    return bulkAnswer(await requeue.page(query), cursorOf);
  });

  notes(app, deps);
  rules(app, deps);
}

function notes(app: FastifyInstance, deps: Deps): void {
  const store = deps.store.deadLetters;
  const { requeue } = deps.engine;
  const noted = (projectId: string, { note, by }: { note?: string | undefined; by?: string | undefined }) => ({
    projectId,
    by: by ?? null,
    notes: note ?? null,
    now: deps.runtime.now(),
  });

  operation(app, 'reviewDeadLetter', async ({ projectId, params, body }) => {
    const { id, status } = await requeue.find(projectId, idOf(params.id));
    if (!(await store.review({ ...noted(projectId, body), id }))) throw resolved(id, status, 'be reviewed');
    return letterView(await requeue.find(projectId, id));
  });

  operation(app, 'archiveDeadLetter', async ({ projectId, params, body }) => {
    const { id, status } = await requeue.find(projectId, idOf(params.id));
    const [done] = await store.archive({ ...noted(projectId, body), ids: [id] });
    if (done === undefined) throw resolved(id, status, 'be archived again');
    return letterView(await requeue.find(projectId, id));
  });

  operation(app, 'archiveDeadLetters', async ({ projectId, body: { filter, cursor, ...note } }) => {
    const query = { ...(await filterOf(deps, projectId, filter)), after: placeOf(cursor), limit: BULK_PAGE };
    const found = await store.list(query);
    const archived = await store.archive({ ...noted(projectId, note), ids: found.map(({ id }) => id) });
    const next = found.length < BULK_PAGE ? null : (found.at(-1) ?? null);
    return bulkAnswer({ done: archived.length, refused: 0, next }, cursorOf);
  });
}

function rules(app: FastifyInstance, deps: Deps): void {
  const store = deps.store.deadLetters;

  async function all(projectId: string): Promise<(RetryRule & { own: boolean })[]> {
    const own = await store.rules(projectId);
    return DEFAULT_RULES.map((rule) => {
      const set = own.find(({ category }) => category === rule.category);
      return { ...(set ?? rule), own: set !== undefined };
    });
  }
  const answer = async (projectId: string) => ({
    items: (await all(projectId)).map(({ delayMs, ...rule }) => ({ ...rule, delay: formatDuration(delayMs) })),
  });

  operation(app, 'getDeadLetterRules', ({ projectId }) => answer(projectId));

  operation(app, 'setDeadLetterRule', async ({ projectId, body: { category, enabled, delay, limit } }) => {
    const before = (await all(projectId)).find((rule) => rule.category === category) as RetryRule;
    const delayMs = delay === undefined ? before.delayMs : parseDuration(delay);
    const rule = { category, enabled, delayMs, limit: limit ?? before.limit };
    await store.setRule(projectId, rule, deps.runtime.now());
    return await answer(projectId);
  });
}

async function filterOf(deps: Deps, projectId: string, query: LetterFilterQuery): Promise<LetterFilter> {
  const { workflow, from, to, ...same } = query;
  return {
    projectId,
    ...same,
    workflowId: workflow === undefined ? undefined : await workflowIdOf(deps.store.workflows, projectId, workflow),
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
  };
}

function idOf(id: string): string {
  if (isUuid(id)) return id.toLowerCase();
  throw new MyelinError('dead_letter_not_found', `There is no dead letter ${id}.`);
}

function resolved(id: string, status: string, what: string): MyelinError {
  return new MyelinError('dead_letter_resolved', `The dead letter ${id} is ${status}; it cannot ${what}.`);
}

/** Where a page ended: time and id. */
const cursorOf = ({ failedAt, id }: Pick<LetterRow, 'failedAt' | 'id'>): string => `${failedAt}_${id}`;

function placeOf(cursor: string | undefined): { failedAt: number; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [, failedAt, id] = /^(\d{1,15})_(.+)$/.exec(cursor) ?? [];
  if (id !== undefined && isUuid(id)) return { failedAt: Number(failedAt), id };
  throw new MyelinError('invalid_request', 'cursor: take it from `nextCursor` of the page before');
}
