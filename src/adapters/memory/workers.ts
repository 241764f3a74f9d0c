/** Workers and their leases; the clock of the runtime stands for the database's. */
import type { Runtime } from '../../ports/runtime.ts';
import type { WorkerStore } from '../../ports/store.ts';
import type { Database } from './database.ts';
import { release, releaseWhere } from './queue.ts';

export function workerStore(database: Database, runtime: Pick<Runtime, 'now'>): WorkerStore {
  const { workers } = database;
  return {
    register: async ({ id, host, pid }) => {
      workers.set(id, { host, pid, heardAt: runtime.now() });
    },
    heartbeat: async (id) => {
      const worker = workers.get(id);
      if (worker !== undefined) worker.heardAt = runtime.now();
      return worker !== undefined;
    },
    onHost: async (host) =>
      [...workers].filter(([, worker]) => worker.host === host).map(([id, { pid }]) => ({ id, pid })),
    leave: async (id) => {
      release(database, id);
      workers.delete(id);
    },
    buryDead: async (silentMs) => buryDead(database, runtime.now() - silentMs),
  };
}

/** An owner that is not registered is dead as well. */
function buryDead(database: Database, since: number): { workers: number; executions: number } {
  const { workers } = database;
  const dead = [...workers].filter(([, { heardAt }]) => heardAt <= since);
  for (const [id] of dead) workers.delete(id);
  return { workers: dead.length, executions: releaseWhere(database, (owner) => !workers.has(owner)) };
}
