/** /api/event-schemas: what the data of each type of messages looks like, version by version. */
import type { FastifyInstance } from 'fastify';
import type { EventSchemaAnswer, EventSchemaSummary } from '../../contract/event-schemas.ts';
import { MyelinError } from '../../core/errors.ts';
import { type EventSchema, MOST_TYPES, schemaAddress, versionOf } from '../../core/event-schema/event-schema.ts';
import { nextVersion, type Proposal } from '../../core/event-schema/next-version.ts';
import type { Store } from '../../ports/store.ts';
import type { ApiDeps } from '../deps.ts';
import { operation } from '../operation.ts';

/** How often others may be quicker. */
const TRIES = 10;

export function eventSchemas(app: FastifyInstance, deps: Pick<ApiDeps, 'store' | 'engine' | 'runtime'>): void {
  const { store, runtime } = deps;
  const { schemas } = deps.engine;
  const view = async (projectId: string, type: string, version?: number): Promise<EventSchemaAnswer> => {
    const versions = await store.eventSchemas.versions(projectId, type);
    const found = version === undefined ? versions[0] : versions.find((one) => one.version === version);
    const shown = found ?? absent(type, version);
    const dataschema = schemaAddress(type, shown.version);
    // It was checked when it was written.
    const schema = shown.schema as EventSchemaAnswer['schema'];
    const { upcast } = shown;
    return { type, ...versionView(shown), schema, upcast, dataschema, versions: versions.map(versionView) };
  };

  operation(app, 'listEventSchemas', async ({ projectId, query: { limit, cursor } }) => {
    const after = cursor === undefined ? {} : { after: cursor };
    const found = await store.eventSchemas.list(projectId, { ...after, limit: limit + 1 });
    const items = found.slice(0, limit).map((one): EventSchemaSummary => ({ type: one.type, ...versionView(one) }));
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.type ?? null) : null };
  });

  operation(app, 'getEventSchema', async ({ projectId, params: { type } }) => await view(projectId, type));

  operation(app, 'getEventSchemaVersion', async ({ projectId, params: { type, version } }) => {
    return await view(projectId, type, version);
  });

  operation(app, 'putEventSchema', async ({ projectId, params: { type }, body: { schema, policy, upcast = null } }) => {
    await put(store, { projectId, type, schema, policy, upcast, createdAt: runtime.now() });
    await schemas.refresh();
    return await view(projectId, type);
  });

  operation(app, 'deleteEventSchema', async ({ projectId, params: { type } }) => {
    await refuseUsed(store, projectId, type);
    if (!(await store.eventSchemas.delete(projectId, type))) absent(type);
    await schemas.refresh();
    return undefined;
  });
}

async function put({ eventSchemas }: Pick<Store, 'eventSchemas'>, proposal: Proposal): Promise<void> {
  const { projectId, type } = proposal;
  for (let tries = 0; tries < TRIES; tries++) {
    const [newest] = await eventSchemas.versions(projectId, type);
    const next = nextVersion(newest, proposal);
    if (next === newest) return;
    if (newest === undefined && (await eventSchemas.count(projectId)) >= MOST_TYPES) {
      throw new MyelinError('limit_exceeded', `A project has schemas of at most ${MOST_TYPES} types; delete one.`);
    }
    if (await eventSchemas.add(next)) return;
  }
  throw new MyelinError('overloaded', 'Others write versions of the same schema all the time.');
}

/** A message of the log is read by the version it was written under for as long as it is there. */
async function refuseUsed({ messages, workflows }: Store, projectId: string, type: string): Promise<void> {
  const [newest] = await messages.list({ projectId, type, limit: 1 });
  if (newest !== undefined && versionOf(type, newest.event.dataschema) !== undefined) {
    const at = new Date(newest.createdAt).toISOString();
    throw used(`The log holds messages of ${type} that were written under its schema, the newest at ${at}`);
  }
  const listeners = await workflows.listening('event', [projectId]);
  const one = listeners.find(({ config }) => config.event === type);
  if (one !== undefined) throw used(`The workflow ${one.workflowName} listens for ${type} (trigger ${one.name})`);
}

const used = (why: string) => new MyelinError('event_schema_in_use', `${why}.`);

function absent(type: string, version?: number): never {
  const what = version === undefined ? `schema of ${type}` : `version ${version} of a schema of ${type}`;
  throw new MyelinError('event_schema_not_found', `There is no ${what}.`);
}

const versionView = ({ version, policy, createdAt }: EventSchema) => {
  return { version, policy, createdAt: new Date(createdAt).toISOString() };
};
