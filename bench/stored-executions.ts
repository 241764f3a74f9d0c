/**
 * Executions by the million: a few real ones are copied in SQL, events and all, under ids that begin with the time of
 * each, as the engine makes them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { checkedWorkflow } from './definitions.ts';
import type { Server } from './server.ts';

/** Between two executions. */
const APART_MS = 50;
const CHUNK = 100_000;
/** Transactions at once, one to a core of a small machine. */
const WRITERS = 2;

/** Of each hundred executions one is of the second workflow; of the first, four failed. */
export const WORKFLOWS = ['orders', 'audits'] as const;

/** Stores `count` executions, the newest of them made now, and leaves the tables as a vacuum leaves them. */
export async function storeExecutions(server: Server, count: number): Promise<void> {
  const { sql } = server;
  const [common, rare] = WORKFLOWS;
  for (const name of WORKFLOWS) await server.deploy(checkedWorkflow(name));
  const completed = await runOne(server, common, 100);
  const failed = await runOne(server, common, 0);
  const other = await runOne(server, rare, 100);
  const oldest = Date.now() - count * APART_MS;
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < count) {
      const from = next;
      next += CHUNK;
      await copy(server, { completed, failed, other, oldest, from, to: Math.min(from + CHUNK, count) });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  await sql`vacuum (analyze) workflow_executions`;
  await sql`vacuum (analyze) events`;
  await sql`checkpoint`;
}

async function runOne(server: Server, workflow: string, amount: number): Promise<string> {
  const { executionId } = await server.call('POST', `/api/workflows/${workflow}/execute`, { input: { amount } });
  for (;;) {
    const { status } = await server.call('GET', `/api/executions/${executionId}`);
    if (status === 'completed' || status === 'failed') return executionId as string;
    await sleep(10);
  }
}

interface Copy {
  /** Executions to copy. */
  readonly completed: string;
  readonly failed: string;
  readonly other: string;
  /** When number 0 was made, in ms since the epoch. */
  readonly oldest: number;
  readonly from: number;
  readonly to: number;
}

async function copy({ sql }: Server, { completed, failed, other, oldest, from, to }: Copy): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local synchronous_commit = off`;
    await tx`create temporary table made on commit drop as
      select lpad(to_hex(at), 12, '0') || '70008000' || lpad(to_hex(i), 12, '0') as hex, at,
             (case when i % 100 < 4 then ${failed} when i % 100 = 50 then ${other} else ${completed} end)::uuid as model
        from (select i, ${oldest}::bigint + i * ${APART_MS}::bigint as at
                from generate_series(${from}::bigint, ${to - 1}::bigint) i) n`;
    await tx`insert into workflow_executions
        (id, project_id, workflow_id, version, trigger_id, status, priority, created_at, started_at, finished_at, error)
      select m.hex::uuid, e.project_id, e.workflow_id, e.version, e.trigger_id, e.status, e.priority, m.at,
             m.at + e.started_at - e.created_at, m.at + e.finished_at - e.created_at, e.error
        from made m join workflow_executions e on e.id = m.model
       order by m.at`;
    await tx`insert into events (stream_id, project_id, seq, type, version, at, data)
      select m.hex::uuid, v.project_id, v.seq, v.type, v.version, m.at + v.at - e.created_at, v.data
        from made m join workflow_executions e on e.id = m.model join events v on v.stream_id = m.model
       order by m.at, v.seq`;
  });
}
