/**
 * One look of flow control, as one transaction. Who holds the advisory lock admits; since nobody else inserts slots
 * under a limit, what this transaction counts can only become less while it decides.
 */
import { type Admission, type Lane, type Look, type Taken, type Waiting, without } from '../../core/flow/admit.ts';
import type { Ticket } from '../../core/flow/ticket.ts';
import type { Admitted } from '../../ports/flow.ts';
import { array, texts } from './columns.ts';
import type { Pool, Sql } from './sql.ts';
import { writeAdmission } from './write-admission.ts';

/** "flow" in ASCII: who holds this advisory lock admits. */
const LOCK = '1718382455';
/** An admitter that was stopped in the middle loses the lock after this: PostgreSQL ends its connection. */
const SILENT_MS = 10_000;
const NOTHING: Admitted = { admitted: 0, next: null, more: false, dueMs: null };

export async function admit(
  sql: Pool,
  after: string,
  lanes: number,
  decide: (look: Look) => Admission,
): Promise<Admitted | null> {
  // Most looks find nothing: no transaction for them.
  const [waiting] = await sql`select exists (select from flow_queue) as some`;
  if (!waiting?.some) return NOTHING;
  return await sql.begin(async (tx) => {
    // The tables may be new and without statistics: no plan but by their indexes.
    await tx.unsafe(
      `set local idle_in_transaction_session_timeout = ${SILENT_MS}; set local enable_seqscan = off;
       set local enable_hashjoin = off; set local enable_mergejoin = off; set local jit = off`,
    );
    const [turn] = await tx`select pg_try_advisory_xact_lock(${LOCK}::bigint) as mine`;
    if (!turn?.mine) return null;
    // Statements of their own: they must see what the admitter before has written.
    const [[clock], found] = await Promise.all([
      tx`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`,
      readTickets(tx, after, lanes),
    ]);
    const now = clock?.now as number;
    const proposed = decide({ now, lanes: found, taken: await readTaken(tx, now, found) });
    const gone = await findGone(tx, proposed);
    const admission = without(proposed, gone);
    await writeAdmission(tx, admission, gone);
    const { nextAt, more } = admission;
    return {
      admitted: admission.admit.length,
      next: found.length === lanes ? (found.at(-1)?.tickets[0]?.ticket.lane ?? null) : null,
      more,
      dueMs: nextAt === null ? null : Math.max(0, nextAt - now),
    };
  });
}

/** The first tickets of each lane, and one more; lanes are found by hopping over the index from one to the next. */
async function readTickets(tx: Sql, after: string, lanes: number): Promise<Lane[]> {
  const rows = await tx`
    with recursive lanes as (
      (select lane, depth, 1 as n from flow_queue where lane > ${after} order by lane, position limit 1)
      union all
      select h.lane, h.depth, l.n + 1
        from lanes l
       cross join lateral (select q.lane, q.depth from flow_queue q
                            where q.lane > l.lane order by q.lane, q.position limit 1) h
       where l.n < ${lanes})
    select l.n, l.depth, q.execution_id, q.position, q.queued_at, q.since, q.ticket
      from lanes l
     cross join lateral (select * from flow_queue q
                          where q.lane = l.lane order by q.position limit l.depth + 1) q
     order by l.n, q.position`;
  return [...Map.groupBy(rows, (row) => row.n as number).values()].map((lane) => {
    const depth = lane[0]?.depth as number;
    return { tickets: lane.slice(0, depth).map(toWaiting), more: lane.length > depth };
  });
}

function toWaiting(row: Record<string, unknown>): Waiting {
  return {
    executionId: row.execution_id as string,
    position: row.position as number,
    queuedAt: row.queued_at as number,
    since: row.since as number,
    ticket: row.ticket as Ticket,
  };
}

async function readTaken(tx: Sql, now: number, lanes: readonly Lane[]): Promise<Map<string, Taken>> {
  const gates = new Set(
    lanes.flatMap(({ tickets }) => tickets.flatMap((one) => one.ticket.gates.map((at) => at.lane))),
  );
  if (gates.size === 0) return new Map();
  const rows = await tx`
    select g.lane, s.count, s.free_at
      from unnest(string_to_array(${texts([...gates])}, e'\\x1e')) g (lane)
     cross join lateral (select count(*)::int as count, min(s.expires_at) as free_at from flow_slots s
                          where s.lane = g.lane and (s.expires_at is null or s.expires_at > ${now})) s`;
  return new Map(
    rows.map((row) => [row.lane as string, { count: row.count as number, freeAt: row.free_at as number | null }]),
  );
}

/** Of those that are to begin, or to become a batch: the ones that somebody is canceling, or that have ended. */
async function findGone(tx: Sql, { admit: begins, batch }: Admission): Promise<Set<string>> {
  const wanted = new Set([...begins, ...batch].map(({ executionId }) => executionId));
  if (wanted.size === 0) return wanted;
  const free = await tx`
    select e.id from workflow_executions e
     where e.id = any(${array([...wanted])}::uuid[]) and e.held and e.owner is null and e.status = 'pending'
       and not exists (select from signals s where s.execution_id = e.id and s.type = 'cancel')
       for update skip locked`;
  for (const row of free) wanted.delete(row.id as string);
  return wanted;
}
