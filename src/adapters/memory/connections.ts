import { MyelinError } from '../../core/errors.ts';
import type { Connection, ConnectionStore, Sealed, SealPlace } from '../../ports/connections.ts';
import { type Database, wake } from './database.ts';

export function connectionStore(database: Database): ConnectionStore {
  const { connections } = database;
  const all = () => [...connections.values()];
  const find = ({ projectId, id }: SealPlace): Connection | undefined => {
    const found = connections.get(id);
    return found?.projectId === projectId ? found : undefined;
  };
  const isFree = ({ projectId, name, id }: Connection): boolean =>
    all().every((one) => one.projectId !== projectId || one.name !== name || one.id === id);
  const holding = (place: SealPlace, was: Sealed): Connection | undefined => {
    const found = find(place);
    return found !== undefined && Buffer.compare(found.sealed.data, was.data) === 0 ? found : undefined;
  };
  return {
    create: async (one) => {
      if (!isFree(one)) throw new MyelinError('connection_exists');
      connections.set(one.id, one);
      wake(database, 'triggers');
    },
    get: async (projectId, idOrName) =>
      all().find((one) => one.projectId === projectId && (one.id === idOrName || one.name === idOrName)),
    list: async (projectId, { after = '', limit }) =>
      all()
        .filter((one) => one.projectId === projectId && one.name > after)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .slice(0, limit),
    update: async (one, was) => {
      const found = holding(one, was);
      if (found === undefined) return false;
      if (!isFree(one)) throw new MyelinError('connection_exists');
      connections.set(one.id, { ...one, type: found.type, createdAt: found.createdAt, lastTest: null });
      wake(database, 'triggers');
      return true;
    },
    reseal: async (place, was, sealed) => {
      const found = holding(place, was);
      if (found !== undefined) connections.set(place.id, { ...found, sealed });
      return found !== undefined;
    },
    noteTest: async (place, lastTest, updatedAt) => {
      const found = find(place);
      if (found?.updatedAt === updatedAt) connections.set(place.id, { ...found, lastTest });
    },
    delete: async (projectId, id) => (find({ projectId, id }) === undefined ? false : connections.delete(id)),
    sealedOtherwise: async (keyVersion, limit, after = '') =>
      all()
        .filter((one) => one.sealed.keyVersion !== keyVersion && one.id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    keyVersions: async () => [...new Set(all().map(({ sealed }) => sealed.keyVersion))].sort((a, b) => a - b),
  };
}
