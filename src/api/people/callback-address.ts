/** The callback address of an execution, for whoever may act on it: an answer by hand, or by a system that was not told. */
import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from '../deps.ts';
import { findExecution } from '../executions.ts';
import { operation } from '../operation.ts';

export function callbackAddress(app: FastifyInstance, { store, engine }: Pick<ApiDeps, 'store' | 'engine'>): void {
  operation(app, 'tellCallbackAddress', async ({ projectId, params }) => {
    const { id } = await findExecution(store.executions, projectId, params.id);
    const urlOf = await engine.links.callbackUrls(projectId);
    return { url: urlOf(id) };
  });
}
