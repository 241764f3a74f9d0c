/** Prompts: the head of a name is locked by whoever gives it a version, so that no number is given twice. */
import type { NewPrompt, Prompt, PromptStore, PromptVersion } from '../../ports/prompts.ts';
import { guarded } from './failures.ts';
import type { Pool, Row, Sql } from './sql.ts';

export function promptStore(sql: Pool): PromptStore {
  return {
    get: (projectId, name, version) => guarded(() => get(sql, projectId, name, version)),
    list: (projectId, { after, limit }) =>
      guarded(async () => {
        const rows = await sql`
          ${prompts(sql)}
           where h.project_id = ${projectId} and p.version = h.active
             ${after === undefined ? sql`` : sql`and h.name collate "C" > ${after}`}
           order by h.name collate "C" limit ${limit}`;
        return rows.map(toPrompt);
      }),
    save: (prompt) => guarded(() => save(sql, prompt)),
    activate: (projectId, name, version) =>
      guarded(async () => {
        const rows = await sql`
          update prompt_heads h set active = ${version}
           where h.project_id = ${projectId} and h.name = ${name}
             and exists (select from prompts p
                          where p.project_id = h.project_id and p.name = h.name and p.version = ${version})
          returning 1 as one`;
        return rows.length === 0 ? undefined : await get(sql, projectId, name, version);
      }),
    versions: (projectId, name, limit) =>
      guarded(async () => {
        const rows = await sql`
          select version, note, created_at from prompts
           where project_id = ${projectId} and name = ${name} order by version desc limit ${limit}`;
        return rows.map(toVersion);
      }),
    delete: (projectId, name) =>
      guarded(() =>
        sql.begin(async (tx) => {
          const heads = await tx`
            update prompt_heads set active = null
             where project_id = ${projectId} and name = ${name} and active is not null returning 1 as one`;
          await tx`delete from prompts where project_id = ${projectId} and name = ${name}`;
          return heads.length > 0;
        }),
      ),
  };
}

const prompts = (sql: Sql) => sql`
  select p.*, h.active
    from prompt_heads h join prompts p on p.project_id = h.project_id and p.name = h.name`;

async function get(sql: Sql, projectId: string, name: string, version?: number): Promise<Prompt | undefined> {
  const [row] = await sql`
    ${prompts(sql)}
     where h.project_id = ${projectId} and h.name = ${name}
       and p.version = ${version === undefined ? sql`h.active` : sql`${version}`}`;
  return row && toPrompt(row);
}

async function save(sql: Pool, { projectId, name, text, note, createdAt }: NewPrompt): Promise<Prompt> {
  const [row] = await sql`
    with head as (
      insert into prompt_heads as h (project_id, name, latest, active) values (${projectId}, ${name}, 1, 1)
      on conflict (project_id, name) do update set latest = h.latest + 1, active = h.latest + 1
      returning project_id, name, latest)
    insert into prompts (project_id, name, version, text, note, created_at)
    select project_id, name, latest, ${text}, ${note}, to_timestamp(${createdAt}::bigint / 1000.0) from head
    returning *, version as active`;
  return toPrompt(row as Row);
}

function toPrompt(row: Row): Prompt {
  return { ...toVersion(row), projectId: row.project_id, name: row.name, text: row.text, active: row.active };
}

function toVersion({ version, note, created_at }: Row): PromptVersion {
  return { version, note, createdAt: (created_at as Date).getTime() };
}
