import type { BrokerPlaceStore, GroupOfTrigger, Places } from '../../ports/broker-places.ts';
import type { Database } from './database.ts';

export function brokerPlaceStore({ brokerPlaces, workflows }: Database): BrokerPlaceStore {
  const keyOf = ({ projectId, triggerId, group }: GroupOfTrigger): string => `${projectId} ${triggerId} ${group}`;
  const isThere = ({ projectId, triggerId }: GroupOfTrigger): boolean =>
    [...workflows.values()].some(
      (one) => one.projectId === projectId && one.triggers.some(({ id }) => id === triggerId),
    );
  return {
    read: async (group) => (isThere(group) ? (brokerPlaces.get(keyOf(group)) ?? {}) : {}),
    write: async (group, places) => {
      const all: Places = { ...brokerPlaces.get(keyOf(group)), ...places };
      if (isThere(group)) brokerPlaces.set(keyOf(group), all);
    },
  };
}
