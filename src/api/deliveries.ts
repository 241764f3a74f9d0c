/** /api/deliveries: what became of webhooks that were sent to others, and sending one again. */
import type { FastifyInstance } from 'fastify';
import type { DeliveryAnswer } from '../contract/deliveries.ts';
import { MyelinError } from '../core/errors.ts';
import { isUuid } from '../core/uuid.ts';
import type { Delivery } from '../ports/deliveries.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';

export function deliveries(app: FastifyInstance, { store, redelivery }: Pick<ApiDeps, 'store' | 'redelivery'>): void {
  operation(app, 'listDeliveries', async ({ projectId, query: { limit, cursor, connection, execution, failed } }) => {
    const found = await store.deliveries.list(projectId, {
      limit: limit + 1,
      ...(cursor !== undefined && { before: cursor }),
      ...(connection !== undefined && { connection }),
      ...(execution !== undefined && { executionId: execution }),
      failed: failed === 'true',
    });
    const items = found.slice(0, limit);
    return { items: items.map(view), nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  });

  operation(app, 'resendDelivery', async ({ projectId, params: { id }, headers }) => {
    if (!isUuid(id)) throw new MyelinError('delivery_not_found', `There is no delivery ${id}.`);
    return view(await redelivery.resend(projectId, id, headers['idempotency-key'] ?? null));
  });
}

function view({ projectId: _, at, ...delivery }: Delivery): DeliveryAnswer {
  return { ...delivery, at: new Date(at).toISOString() };
}
