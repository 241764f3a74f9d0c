/**
 * The schema of a migrated database as SQL, read from PostgreSQL's catalog: `schema.sql`, which reviewers read to see
 * what all migrations together come to. Everything is in the order of names (columns in their own), so that the text
 * depends on nothing but the schema. The embedded PostgreSQL brings no pg_dump; this needs none.
 */
import type { Sql } from '../adapters/postgres/sql.ts';

const HEAD = `-- The schema after all migrations. Written by \`npm run schema\`; change it by a new file in migrations/.
-- Partitions by month are made by the server (partitions.ts).
`;

/** What a test says when the file is not what the migrations make. */
export const STALE = 'src/adapters/postgres/schema.sql is not what the migrations make: run `npm run schema`';

/** The whole file; the database must have been migrated and nothing else. */
export async function schemaText(sql: Sql): Promise<string> {
  const tables = await sql`
    select c.oid, c.relname as name, c.relispartition as part, c.reloptions as options, c.relpersistence as persistence,
           pg_get_partkeydef(c.oid) as key, pg_get_expr(c.relpartbound, c.oid) as bound, p.relname as parent
      from pg_class c
      left join pg_inherits i on i.inhrelid = c.oid
      left join pg_class p on p.oid = i.inhparent
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations'
     order by c.relname collate "C"`;
  const texts: string[] = [HEAD, ...(await sequenceTexts(sql))];
  for (const table of tables) texts.push(table.part ? partitionText(table) : await tableText(sql, table));
  texts.push(await referenceText(sql), ...(await programTexts(sql)));
  return texts.join('\n');
}

type Row = Awaited<ReturnType<Sql['unsafe']>>[number];

const partitionText = ({ name, parent, bound }: Row) => `create table ${name} partition of ${parent} ${bound};\n`;

async function tableText(sql: Sql, { oid, name, key, options, persistence }: Row): Promise<string> {
  const lines = [...(await columnLines(sql, oid)), ...(await constraintLines(sql, oid))];
  const partitioned = key === null ? '' : ` partition by ${key}`;
  const settings = options === null ? '' : ` with (${options.join(', ')})`;
  const kind = persistence === 'u' ? 'unlogged table' : 'table';
  const body = lines.map((line) => `  ${line}`).join(',\n');
  const indexes = [...(await indexLines(sql, oid)), ...(await statisticsLines(sql, oid))];
  return [`create ${kind} ${name} (\n${body}\n)${partitioned}${settings};`, ...indexes, ''].join('\n');
}

async function columnLines(sql: Sql, table: unknown): Promise<string[]> {
  const columns = await sql`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
           a.attidentity as identity, a.attgenerated as generated, pg_get_expr(d.adbin, d.adrelid) as value
      from pg_attribute a
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = ${table} and a.attnum > 0 and not a.attisdropped
     order by a.attnum`;
  return columns.map(({ name, type, required, identity, generated, value }) => {
    const words = [name, type];
    if (required) words.push('not null');
    if (identity !== '') words.push(`generated ${identity === 'a' ? 'always' : 'by default'} as identity`);
    if (generated !== '') words.push(`generated always as (${value}) stored`);
    else if (value !== null) words.push(`default ${value}`);
    return words.join(' ');
  });
}

async function constraintLines(sql: Sql, table: unknown): Promise<string[]> {
  const constraints = await sql`
    select conname as name, pg_get_constraintdef(oid) as text from pg_constraint
     where conrelid = ${table} and contype in ('p', 'u', 'c', 'x')
     order by array_position(array['p', 'u', 'c', 'x'], contype::text), conname collate "C"`;
  return constraints.map(({ name, text }) => `constraint ${name} ${text}`);
}

/** After all tables, so that the file can be run. */
async function referenceText(sql: Sql): Promise<string> {
  const references = await sql`
    select r.relname as name, c.conname as constraint, pg_get_constraintdef(c.oid) as text
      from pg_constraint c join pg_class r on r.oid = c.conrelid
     where c.connamespace = 'public'::regnamespace and c.contype = 'f' and c.conparentid = 0
     order by r.relname collate "C", c.conname collate "C"`;
  const lines = references.map(
    ({ name, constraint, text }) => `alter table ${name} add constraint ${constraint} ${text};`,
  );
  return `${lines.join('\n')}\n`;
}

/** Those that no constraint makes. */
async function indexLines(sql: Sql, table: unknown): Promise<string[]> {
  const indexes = await sql`
    select pg_get_indexdef(i.indexrelid) as text from pg_index i join pg_class x on x.oid = i.indexrelid
     where i.indrelid = ${table} and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
     order by x.relname collate "C"`;
  return indexes.map(({ text }) => `${text.replace(' ON ONLY ', ' ON ').replaceAll('public.', '')};`);
}

/** Of several columns together. */
async function statisticsLines(sql: Sql, table: unknown): Promise<string[]> {
  const statistics = await sql`
    select pg_get_statisticsobjdef(oid) as text from pg_statistic_ext
     where stxrelid = ${table} order by stxname collate "C"`;
  return statistics.map(({ text }) => `${text.replaceAll('public.', '')};`);
}

/** Those that are no column's own. */
async function sequenceTexts(sql: Sql): Promise<string[]> {
  const rows = await sql`
    select 'create sequence ' || c.relname || ' as ' || format_type(s.seqtypid, null) || ';' as text
      from pg_sequence s join pg_class c on c.oid = s.seqrelid
     where c.relnamespace = 'public'::regnamespace
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i'))
     order by c.relname collate "C"`;
  return rows.map(({ text }) => `${text}\n`);
}

/** Views, functions and triggers. */
async function programTexts(sql: Sql): Promise<string[]> {
  const rows = await sql`
    select text from (
    select 1 as rank, relname::text as name, 'create view ' || relname || ' as' || chr(10) || pg_get_viewdef(oid) as text
      from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
    union all
    select 2, proname::text, trim(trailing chr(10) from pg_get_functiondef(oid)) || ';'
      from pg_proc where pronamespace = 'public'::regnamespace and prokind in ('f', 'p')
    union all
    select 3, t.tgname::text, pg_get_triggerdef(t.oid) || ';'
      from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where c.relnamespace = 'public'::regnamespace and not t.tgisinternal and t.tgparentid = 0) programs
     order by rank, name collate "C"`;
  return rows.map(({ text }) => `${text.replaceAll('public.', '')}\n`);
}
