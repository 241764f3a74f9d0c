/**
 * (f) 10,000 executions, each at work in a call that does not answer; the process is killed with SIGKILL and started
 * again. From that start it counts until every execution has an owner again, and until every call was made again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { heldWorkflow } from '../definitions.ts';
import { figure } from '../figure.ts';
import { HeldRequests } from '../held-requests.ts';
import { profiled, type Scenario } from '../scenario.ts';
import { removeHome, type Server, startServer } from '../server.ts';

const COUNT = 10_000;
const WITHIN_MS = 120_000;
const LOOK_MS = 50;
/** All at work at once; by default the rest would wait in memory for a place. */
const ENV = { MYELIN_TASK_CONCURRENCY: String(COUNT) };

export const recovery: Scenario = {
  id: 'f',
  run: async (options) => {
    const target = new HeldRequests();
    await target.listen();
    let server = await startServer({ env: ENV });
    const { home } = server;
    try {
      await begin(server, target);
      await server.kill();
      const called = since(target.reached(COUNT));
      const start = performance.now();
      server = await startServer({ home, env: ENV, ...profiled(options, 'f') });
      const ready = performance.now() - start;
      const owned = (await ownedAgain(server)) - start;
      const running = (await within(called)) - start;
      return {
        id: 'f',
        title: `SIGKILL with ${COUNT.toLocaleString('en-US')} executions running, from the start of the new process`,
        figures: [
          figure('server ready', ready / 1000, 's'),
          figure('all owned again', owned / 1000, 's'),
          figure('all at work again', running / 1000, 's', { below: 5 }),
        ],
      };
    } finally {
      target.close();
      await server.stop();
      await removeHome(home);
    }
  },
};

/** Resolves when every execution is at work. */
async function begin(server: Server, target: HeldRequests): Promise<void> {
  const all = target.reached(COUNT);
  await server.deploy(heldWorkflow('held'));
  const inputs = Array.from({ length: COUNT }, (_, number) => ({ url: target.urlFor(number) }));
  await server.call('POST', '/api/workflows/held/execute', { inputs });
  await within(all);
}

/** When no execution is without an owner that lives; the dead one's row is gone since the start. */
async function ownedAgain({ sql }: Server): Promise<number> {
  const giveUp = performance.now() + WITHIN_MS;
  while (performance.now() < giveUp) {
    const [row] = await sql`
      select count(*)::int as owned from workflow_executions
       where status = 'running' and owner in (select id from workers)`;
    if (row!.owned === COUNT) return performance.now();
    await sleep(LOOK_MS);
  }
  throw new Error(`The executions were not all owned again within ${WITHIN_MS / 1000} s`);
}

async function since(event: Promise<void>): Promise<number> {
  await event;
  return performance.now();
}

async function within<T>(event: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = sleep(WITHIN_MS, undefined, { signal: over.signal }).then(() => {
    throw new Error(`Not all ${COUNT} calls came within ${WITHIN_MS / 1000} s`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([event, late]);
  } finally {
    over.abort();
  }
}
