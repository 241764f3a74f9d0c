import type { Delivery, DeliveryStore } from '../../ports/deliveries.ts';
import type { Database } from './database.ts';
import type { DeliveryRecord } from './delivery-record.ts';

export function deliveryStore({ deliveries }: Database): DeliveryStore {
  const find = (projectId: string, id: string): DeliveryRecord | undefined => {
    const found = deliveries.get(id);
    return found?.delivery.projectId === projectId ? found : undefined;
  };
  return {
    note: async (delivery, data) => void deliveries.set(delivery.id, { delivery, data, key: null }),
    list: async (projectId, { connection, executionId, failed, before, limit }) =>
      [...deliveries.values()]
        .map(toDelivery)
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
    get: async (projectId, id) => {
      const found = find(projectId, id);
      const first = found && find(projectId, found.delivery.repeats ?? id);
      if (found === undefined || first === undefined) return undefined;
      const { data, delivery } = first;
      return { delivery: toDelivery(found), said: data === null ? null : { data, at: delivery.at } };
    },
    begin: async (delivery, key) => {
      const same = [...deliveries.values()].find(
        (one) => key !== null && one.key === key && one.delivery.repeats === delivery.repeats,
      );
      if (same !== undefined) return toDelivery(same);
      deliveries.set(delivery.id, { delivery, data: null, key });
      return undefined;
    },
    settle: async (delivery) => {
      const found = find(delivery.projectId, delivery.id);
      if (found !== undefined) deliveries.set(delivery.id, { ...found, delivery });
    },
  };
}

function toDelivery({ delivery, data }: DeliveryRecord): Delivery {
  return { ...delivery, isKept: data !== null || delivery.repeats !== null };
}
