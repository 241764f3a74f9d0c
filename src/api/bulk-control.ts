/** What a person does with all executions that fit a filter: cancel them, or let those that failed go on. */
import type { FastifyInstance } from 'fastify';
import type { ExecutionFilterQuery } from '../contract/executions.ts';
import { BULK_PAGE, bulkAnswer } from './bulk.ts';
import type { ApiDeps } from './deps.ts';
import { filterOf, placeOf, REACH } from './executions.ts';
import { operation } from './operation.ts';

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

interface Body {
  readonly filter: ExecutionFilterQuery;
  readonly asOf?: string | undefined;
  readonly cursor?: string | undefined;
}

export function bulkControl(app: FastifyInstance, deps: Deps): void {
  const { bulk } = deps.engine;
  const queryOf = async (projectId: string, { filter, asOf, cursor }: Body) => ({
    ...(await filterOf(deps, projectId, filter)),
    ...placeOf(cursor),
    ...{ limit: BULK_PAGE, reach: REACH, asOf: asOf === undefined ? deps.runtime.now() : Date.parse(asOf) },
  });

  operation(app, 'cancelExecutions', async ({ projectId, body }) => {
    const { reason = 'canceled by a person, with others', compensate = false } = body;
    const query = await queryOf(projectId, body);
    return bulkAnswer(await bulk.cancel(query, { type: 'cancel', reason, compensate }), String);
  });

  operation(app, 'retryExecutions', async ({ projectId, body }) => {
    const { reason = 'retried by a person, with others' } = body;
    return bulkAnswer(await bulk.retry(await queryOf(projectId, body), { type: 'retry', reason }), String);
  });
}
