import type { Runtime } from '../../ports/runtime.ts';
import type { TriggerStateStore } from '../../ports/trigger-states.ts';
import type { Database } from './database.ts';

export function triggerStateStore(database: Database, runtime: Pick<Runtime, 'now'>): TriggerStateStore {
  const { triggerStates, workflows } = database;
  const heard = (silentMs: number) =>
    [...triggerStates.values()].filter((one) => one.heardAt > runtime.now() - silentMs);
  const typeOf = (triggerId: string): string | undefined =>
    [...workflows.values()].flatMap(({ triggers }) => triggers).find(({ id }) => id === triggerId)?.type;
  return {
    tell: async (process, states, silentMs) => {
      const kept = new Set(heard(silentMs));
      for (const [place, one] of triggerStates) {
        if (one.process === process || !kept.has(one)) triggerStates.delete(place);
      }
      for (const one of states) {
        triggerStates.set(`${one.triggerId} ${process}`, { ...one, process, heardAt: runtime.now() });
      }
    },
    list: async (projectId, silentMs) =>
      heard(silentMs)
        .filter((one) => one.projectId === projectId)
        .sort((a, b) => (`${a.triggerId} ${a.process}` < `${b.triggerId} ${b.process}` ? -1 : 1))
        .map(({ heardAt: _, ...state }) => state),
    errors: async (silentMs) => {
      const failing = new Set(heard(silentMs).flatMap((one) => (one.status === 'error' ? [one.triggerId] : [])));
      const byType = Map.groupBy(
        [...failing].map(typeOf).filter((type) => type !== undefined),
        (type) => type,
      );
      return [...byType].map(([type, all]) => ({ type, count: all.length })).sort((a, b) => (a.type < b.type ? -1 : 1));
    },
  };
}
