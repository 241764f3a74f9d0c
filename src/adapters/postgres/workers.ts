/** Workers and their leases; the database's clock decides who is silent. */
import type { WorkerStore } from '../../ports/store.ts';
import { releaseExecutions } from './executions.ts';
import { guarded } from './failures.ts';
import type { Sql } from './sql.ts';

export function workerStore(sql: Sql): WorkerStore {
  return {
    register: ({ id, host, pid, roles }) =>
      guarded(async () => {
        await sql`insert into workers (id, host, pid, roles) values (${id}, ${host}, ${pid}, ${roles.join(',')})`;
      }),
    heartbeat: (id) =>
      guarded(async () => {
        const rows = await sql`update workers set heartbeat_at = now() where id = ${id} returning 1 as one`;
        return rows.length > 0;
      }),
    onHost: (host) =>
      guarded(async () => {
        const rows = await sql`select id, pid from workers where host = ${host}`;
        return rows.map((row) => ({ id: row.id as string, pid: row.pid as number }));
      }),
    leave: (id) =>
      guarded(async () => {
        await releaseExecutions(sql, id);
        await sql`delete from workers where id = ${id}`;
      }),
    buryDead: (silentMs) => guarded(() => buryDead(sql, silentMs)),
  };
}

/** An owner without a row is dead as well: its process may have ended between two statements. */
async function buryDead(sql: Sql, silentMs: number): Promise<{ workers: number; executions: number }> {
  const buried = await sql`
    delete from workers where heartbeat_at <= now() - make_interval(secs => ${silentMs / 1000}) returning id`;
  const released = await sql`
    update workflow_executions set owner = null
     where owner is not null and owner not in (select id from workers) returning 1 as one`;
  return { workers: buried.length, executions: released.length };
}
