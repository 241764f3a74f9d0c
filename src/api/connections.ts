/** /api/connections: named ways to reach what is outside. What goes out is made of the fields that are named here. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ConnectionAnswer, ConnectionTypeAnswer } from '../contract/connections.ts';
import type { ConnectionType } from '../core/connections/connection-type.ts';
import { connectionTypes } from '../core/connections/registry.ts';
import type { Connection, LastTest } from '../ports/connections.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';

export function connections(
  app: FastifyInstance,
  { store, connections }: Pick<ApiDeps, 'store' | 'connections'>,
): void {
  const types = { items: [...connectionTypes.values()].map(typeView) };

  operation(app, 'listConnections', async ({ projectId, query: { limit, cursor } }) => {
    const after = cursor === undefined ? {} : { after: cursor };
    const found = await store.connections.list(projectId, { ...after, limit: limit + 1 });
    const items = found.slice(0, limit);
    return { items: items.map(view), nextCursor: found.length > limit ? (items.at(-1)?.name ?? null) : null };
  });

  operation(app, 'createConnection', async ({ projectId, body }) => view(await connections.create(projectId, body)));

  operation(app, 'getConnection', async ({ projectId, params: { id } }) => view(await connections.get(projectId, id)));

  operation(app, 'updateConnection', async ({ projectId, params: { id }, body: { name, config } }) => {
    const news = { ...(name !== undefined && { name }), ...(config !== undefined && { config }) };
    return view(await connections.change(projectId, id, news));
  });

  operation(app, 'deleteConnection', async ({ projectId, params: { id } }) => {
    await connections.delete(projectId, id);
    return undefined;
  });

  operation(app, 'testConnection', async ({ projectId, params: { id } }) =>
    testView(await connections.test(projectId, id)),
  );

  operation(app, 'rotateConnectionKey', async () => await connections.rotate());

  operation(app, 'listConnectionTypes', async () => types);
}

function typeView({ type, description, config, example }: ConnectionType): ConnectionTypeAnswer {
  const configSchema = z.toJSONSchema(config, { unrepresentable: 'any', io: 'input' });
  return { type, description, configSchema, example: { ...example } };
}

function view({ id, name, type, config, secretFields, createdAt, updatedAt, lastTest }: Connection): ConnectionAnswer {
  return {
    ...{ id, name, type },
    config: { ...config },
    secrets: [...secretFields],
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    lastTest: lastTest && testView(lastTest),
  };
}

function testView({ ok, message, details, at }: LastTest) {
  return { ok, message, details: { ...details }, at: new Date(at).toISOString() };
}
