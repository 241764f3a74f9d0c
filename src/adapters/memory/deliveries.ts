import type { DeliveryStore } from '../../ports/deliveries.ts';
import type { Database } from './database.ts';

export function deliveryStore({ deliveries }: Database): DeliveryStore {
  return {
    note: async (delivery) => void deliveries.set(delivery.id, delivery),
    list: async (projectId, { connection, executionId, failed, before, limit }) =>
      [...deliveries.values()]
        .filter(
          (one) =>
            one.projectId === projectId &&
            (connection === undefined || one.connection === connection) &&
            (executionId === undefined || one.executionId === executionId) &&
            (failed !== true || one.status === null || one.status >= 300) &&
            (before === undefined || one.id < before),
        )
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, limit),
  };
}
