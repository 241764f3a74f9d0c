import { type AccessStore, type Key, USE_NOTED_MS } from '../../ports/access.ts';
import type { Database, KeyRecord } from './database.ts';

export function accessStore({ apiKeys, signIns, signingKeys }: Database): AccessStore {
  const ofProject = (projectId: string) => [...apiKeys.values()].filter((key) => key.projectId === projectId);
  return {
    use: async (hash, now) => {
      const key = apiKeys.get(hash);
      if (key === undefined || (key.expiresAt !== null && key.expiresAt <= now)) return undefined;
      if ((key.lastUsedAt ?? 0) <= now - USE_NOTED_MS) key.lastUsedAt = now;
      return view(key);
    },
    keyName: async (hash) => apiKeys.get(hash)?.name,
    list: async (projectId) =>
      ofProject(projectId)
        .map((key) => ({ ...view(key), lastUsedAt: key.lastUsedAt }))
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)),
    addKey: async (key, most) => {
      const others = ofProject(key.projectId);
      if (others.some(({ name }) => name === key.name)) return 'taken';
      if (others.length >= most) return 'full';
      apiKeys.set(key.hash, { ...key, lastUsedAt: null });
      return 'added';
    },
    revoke: async (projectId, id) => {
      const keys = ofProject(projectId);
      const key = keys.find((one) => one.id === id);
      if (key === undefined) return 'gone';
      const lasting = keys.filter(({ role, expiresAt }) => role === 'owner' && expiresAt === null);
      if (lasting.length === 1 && lasting[0] === key) return 'last';
      apiKeys.delete(key.hash);
      for (const [hash, { keyHash }] of signIns) if (keyHash === key.hash) signIns.delete(hash);
      return 'revoked';
    },
    addFirstKey: async (key) => {
      const isFirst = apiKeys.size === 0;
      if (isFirst) apiKeys.set(key.hash, { ...key, lastUsedAt: null });
      return isFirst;
    },
    signingKey: async (projectId, fresh) => {
      const key = signingKeys.get(projectId) ?? fresh;
      if (key !== undefined) signingKeys.set(projectId, key);
      return key;
    },
    isEmpty: async () => apiKeys.size === 0,
  };
}

/** Without its hash. */
function view({ id, projectId, name, role, ending, createdBy, createdAt, expiresAt }: KeyRecord): Key {
  return { id, projectId, name, role, ending, createdBy, createdAt, expiresAt };
}
