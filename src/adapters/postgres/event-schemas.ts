/** Schemas of messages. What they are is given as text: JSON of the driver's own making would lose the order of fields. */
import type { EventSchema } from '../../core/event-schema/event-schema.ts';
import type { EventSchemaStore } from '../../ports/event-schemas.ts';
import { guarded } from './failures.ts';
import type { Pool, Row } from './sql.ts';
import { notify } from './wake.ts';

export function eventSchemaStore(sql: Pool): EventSchemaStore {
  return {
    list: (projectId, { after, limit }) =>
      guarded(async () => {
        const rows = await sql`
          select distinct on (type collate "C") * from event_schemas
           where project_id = ${projectId} ${after === undefined ? sql`` : sql`and type collate "C" > ${after}`}
           order by type collate "C", version desc limit ${limit}`;
        return rows.map(toSchema);
      }),
    versions: (projectId, type) =>
      guarded(async () => {
        const rows = await sql`
          select * from event_schemas where project_id = ${projectId} and type = ${type} order by version desc`;
        return rows.map(toSchema);
      }),
    count: (projectId) =>
      guarded(async () => {
        const [row] = await sql`
          select count(distinct type)::int as types from event_schemas where project_id = ${projectId}`;
        return row?.types ?? 0;
      }),
    add: ({ projectId, type, version, schema, policy, upcast, createdAt }) =>
      guarded(async () => {
        const rows = await sql`
          insert into event_schemas (project_id, type, version, schema, policy, upcast, created_at)
          values (${projectId}, ${type}, ${version}, ${JSON.stringify(schema)}::text::json, ${policy},
                  ${upcast === null ? null : JSON.stringify(upcast)}::text::json, ${createdAt})
          on conflict do nothing returning 1 as one`;
        if (rows.length > 0) await notify(sql, 'schemas');
        return rows.length > 0;
      }),
    delete: (projectId, type) =>
      guarded(async () => {
        const rows = await sql`
          delete from event_schemas where project_id = ${projectId} and type = ${type} returning 1 as one`;
        if (rows.length > 0) await notify(sql, 'schemas');
        return rows.length > 0;
      }),
    // Of all projects: whoever delivers messages serves them all.
    changed: (known) =>
      guarded(async () => {
        const [row] = await sql`
          select count(*) || ':' || coalesce(max(id), 0) || ':' || coalesce(sum(id), 0) as mark from event_schemas`;
        const mark = String(row?.mark);
        if (mark === known) return null;
        const rows = await sql`select * from event_schemas order by project_id, type collate "C", version`;
        return { mark, schemas: rows.map(toSchema) };
      }),
  };
}

function toSchema(row: Row): EventSchema {
  const { project_id: projectId, type, version, schema, policy, upcast, created_at: createdAt } = row;
  return { projectId, type, version, schema, policy, upcast, createdAt };
}
