/** /api/flow: the lanes of flow control. */
import type { FastifyInstance } from 'fastify';
import { laneView } from '../projections/flow-view.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';

export function flow(app: FastifyInstance, { store }: Pick<ApiDeps, 'store'>): void {
  operation(app, 'listFlow', async ({ projectId, query }) => {
    return { items: (await store.flow.lanes(projectId, query.limit)).map(laneView) };
  });
}
