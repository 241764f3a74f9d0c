import type { EventSchema } from '../../core/event-schema/event-schema.ts';
import type { EventSchemaStore } from '../../ports/event-schemas.ts';
import { type Database, wake } from './database.ts';

export function eventSchemaStore(database: Database): EventSchemaStore {
  const { eventSchemas: schemas } = database;
  const place = ({ projectId, type, version }: EventSchema) => JSON.stringify([projectId, type, version]);
  const of = (projectId: string) => [...schemas.values()].filter((one) => one.projectId === projectId);
  const versions = (projectId: string, type: string) =>
    of(projectId)
      .filter((one) => one.type === type)
      .sort((a, b) => b.version - a.version);
  const typesOf = (projectId: string) => [...new Set(of(projectId).map(({ type }) => type))].sort();
  const changed = () => {
    database.eventSchemaChanges++;
    wake(database, 'schemas');
  };
  return {
    list: async (projectId, { after = '', limit }) =>
      typesOf(projectId)
        .filter((type) => type > after)
        .slice(0, limit)
        .flatMap((type) => versions(projectId, type).slice(0, 1)),
    versions: async (projectId, type) => versions(projectId, type),
    count: async (projectId) => typesOf(projectId).length,
    add: async (schema) => {
      if (schemas.has(place(schema))) return false;
      schemas.set(place(schema), schema);
      changed();
      return true;
    },
    delete: async (projectId, type) => {
      const gone = versions(projectId, type);
      for (const one of gone) schemas.delete(place(one));
      if (gone.length > 0) changed();
      return gone.length > 0;
    },
    changed: async (known) => {
      const mark = String(database.eventSchemaChanges);
      if (mark === known) return null;
      return { mark, schemas: [...schemas.values()].sort(inOrder) };
    },
  };
}

function inOrder(a: EventSchema, b: EventSchema): number {
  const [one, other] = [`${a.projectId} ${a.type}`, `${b.projectId} ${b.type}`];
  if (one === other) return a.version - b.version;
  return one < other ? -1 : 1;
}
