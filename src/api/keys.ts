/** /api/keys: who may call, and what. What goes out is made of the fields that are named here; a secret only once. */
import type { FastifyInstance } from 'fastify';
import type { KeyAnswer } from '../contract/keys.ts';
import { type Maker, makeKey, revokeKey } from '../engine/keys.ts';
import type { ListedKey } from '../ports/access.ts';
import type { Access, Caller } from './access.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';

export function keys(
  app: FastifyInstance,
  { store, runtime }: Pick<ApiDeps, 'store' | 'runtime'>,
  access: Access,
): void {
  const deps = { access: store.access, runtime };

  operation(app, 'listKeys', async ({ projectId, request: { caller } }) => {
    const found = await store.access.list(projectId);
    return { items: found.map((key) => view(key, caller)) };
  });

  operation(app, 'createKey', async ({ body: { name, role, expiresAt }, request: { caller } }) => {
    const wanted = { name, role, expiresAt: expiresAt === null ? null : Date.parse(expiresAt) };
    const { key, secret } = await makeKey(deps, makerOf(caller), wanted);
    return { key: view({ ...key, lastUsedAt: null }, caller), secret };
  });

  operation(app, 'revokeKey', async ({ params: { id }, request: { caller } }) => {
    await revokeKey(deps, makerOf(caller), id);
    access.forgetKey(id);
    return undefined;
  });
}

/** A browser gives no more than the key that signed it in, but as long as that one: it is not the browser that ends. */
const makerOf = ({ projectId, keyName: name, role, keyExpiresAt: expiresAt }: Caller): Maker => {
  return { projectId, name, role, expiresAt };
};

function view(key: ListedKey, caller: Caller): KeyAnswer {
  const { id, name, role, ending, createdBy, createdAt, expiresAt, lastUsedAt } = key;
  return {
    ...{ id, name, role, ending, createdBy },
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: isoOf(expiresAt),
    lastUsedAt: isoOf(lastUsedAt),
    isYours: id === caller.keyId,
  };
}

const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
