/**
 * Circuits: the rows are locked in one order, the rule of core changes them, and they are written back. This happens
 * only where something fails, so three small statements are cheap enough.
 */
import { type Circuit, CLOSED, probed, settled, told } from '../../core/circuit.ts';
import type { BreakerStore, CircuitName, CircuitRow } from '../../ports/breakers.ts';
import { array, texts } from './columns.ts';
import { guarded } from './failures.ts';
import type { Pool, Sql } from './sql.ts';

export function breakerStore(sql: Pool): BreakerStore {
  return {
    tell: (tallies, policy) =>
      guarded(() =>
        sql.begin(async (tx) => {
          await insertMissing(tx, tallies);
          const byPlace = new Map(tallies.map((tally) => [placeOf(tally), tally]));
          return await change(tx, tallies, (row) => told(row, byPlace.get(placeOf(row))!, policy, row.now));
        }),
      ),
    look: (names) => guarded(() => read(sql, names)),
    probe: (name, token, leaseMs) => guarded(() => changeOne(sql, name, (row) => probed(row, token, leaseMs, row.now))),
    settle: (name, token, verdict, policy) =>
      guarded(async () => {
        await changeOne(sql, name, (row) => settled(row, token, verdict, policy, row.now));
      }),
    list: (projectId) =>
      guarded(async () => {
        const rows = await sql`
          select *, ${now(sql)} as now from circuit_breakers where project_id = ${projectId} order by name limit 1000`;
        return rows.map(toRow);
      }),
    reset: (name) => guarded(() => changeOne(sql, name, () => CLOSED)),
    forget: (olderThanMs) =>
      guarded(async () => {
        await sql`
          delete from circuit_breakers
           where case state when 'closed' then since else until end < ${now(sql)} - ${olderThanMs}::bigint`;
      }),
  };
}

/** Milliseconds since the epoch, of the database. */
const now = (sql: Sql) => sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

const placeOf = ({ projectId, name }: CircuitName): string => `${projectId} ${name}`;

async function insertMissing(sql: Sql, names: readonly CircuitName[]): Promise<void> {
  await sql`
    insert into circuit_breakers (project_id, name)
    select project_id, name from ${keys(sql, names)} order by project_id, name
    on conflict do nothing`;
}

/** As a table `k (project_id, name)`. */
const keys = (sql: Sql, names: readonly CircuitName[]) =>
  sql`unnest(${array(names.map((one) => one.projectId))}::uuid[],
             string_to_array(${texts(names.map((one) => one.name))}, e'\\x1e')) as k (project_id, name)`;

async function read(sql: Sql, names: readonly CircuitName[], lock = sql``): Promise<CircuitRow[]> {
  const rows = await sql`
    select c.*, ${now(sql)} as now
      from circuit_breakers c
     where (c.project_id, c.name) in (select k.project_id, k.name from ${keys(sql, names)})
     order by c.project_id, c.name ${lock}`;
  return rows.map(toRow);
}

async function changeOne(
  sql: Pool,
  name: CircuitName,
  rule: (row: CircuitRow) => Circuit,
): Promise<CircuitRow | undefined> {
  const [row] = await sql.begin((tx) => change(tx, [name], rule));
  return row;
}

async function change(
  sql: Sql,
  names: readonly CircuitName[],
  rule: (row: CircuitRow) => Circuit,
): Promise<CircuitRow[]> {
  const rows = await read(sql, names, sql`for update`);
  const after = rows.map((row) => ({ ...row, ...rule(row) }));
  const numbers = (field: 'calls' | 'failures' | 'since' | 'until') => array(after.map((one) => one[field]));
  await sql`
    update circuit_breakers c
       set state = n.state, calls = n.calls, failures = n.failures, since = n.since, until = n.until, probe = n.probe
      from unnest(${array(after.map((one) => one.projectId))}::uuid[],
                  string_to_array(${texts(after.map((one) => one.name))}, e'\\x1e'),
                  string_to_array(${texts(after.map((one) => one.state))}, e'\\x1e'),
                  ${numbers('calls')}::int[], ${numbers('failures')}::int[],
                  ${numbers('since')}::bigint[], ${numbers('until')}::bigint[],
                  ${array(after.map((one) => one.probe))}::uuid[])
           as n (project_id, name, state, calls, failures, since, until, probe)
     where c.project_id = n.project_id and c.name = n.name`;
  return after;
}

function toRow(row: Record<string, unknown>): CircuitRow {
  return {
    projectId: row.project_id as string,
    name: row.name as string,
    state: row.state as Circuit['state'],
    calls: row.calls as number,
    failures: row.failures as number,
    since: row.since as number,
    until: row.until as number,
    probe: row.probe as string | null,
    now: row.now as number,
  };
}
