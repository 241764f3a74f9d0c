/** /api/deliveries: what became of webhooks that were sent to others. */
import type { FastifyInstance } from 'fastify';
import type { DeliveryAnswer } from '../contract/deliveries.ts';
import type { Delivery, DeliveryStore } from '../ports/deliveries.ts';
import { operation } from './operation.ts';

export function deliveries(app: FastifyInstance, store: Pick<DeliveryStore, 'list'>): void {
  operation(app, 'listDeliveries', async ({ projectId, query: { limit, cursor, connection, execution, failed } }) => {
    const found = await store.list(projectId, {
      limit: limit + 1,
      ...(cursor !== undefined && { before: cursor }),
      ...(connection !== undefined && { connection }),
      ...(execution !== undefined && { executionId: execution }),
      failed: failed === 'true',
    });
    const items = found.slice(0, limit);
    return { items: items.map(view), nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  });
}

function view({ projectId: _, at, ...delivery }: Delivery): DeliveryAnswer {
  return { ...delivery, at: new Date(at).toISOString() };
}
