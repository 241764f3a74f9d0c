/**
 * (h) The bus: messages sent in batches, written to the log, and delivered to two workflows that hear them by pattern
 * and filter, of which few start. The time is from the first that is sent to the last that is delivered.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { figure, median } from '../figure.ts';
import { runLoad } from '../load/run.ts';
import { costOf, readMeter } from '../meter.ts';
import { profiled, type Scenario, WARM_UP_S } from '../scenario.ts';
import { type Server, withServer } from '../server.ts';

const BATCH = 500;
const CONNECTIONS = 4;
/** One message of so many starts an execution. */
const STARTS = 500;
const LOOK_MS = 5;

export const bus: Scenario = {
  id: 'h',
  run: (options) =>
    withServer(profiled(options, 'h'), async (server) => {
      await server.deploy(hearing('hears-few', 'order.*', `{{ $trigger.data.n % ${STARTS} == 0 }}`));
      await server.deploy(hearing('hears-none', '*.placed', '{{ $trigger.data.total < 0 }}'));
      await flood(server, WARM_UP_S);
      const runs = [];
      for (let round = 0; round < options.repeats; round++) runs.push(await flood(server, options.seconds));
      const run = median(runs, ({ rate }) => rate);
      return {
        id: 'h',
        title: `messages in batches of ${BATCH}, ${CONNECTIONS} at once, heard by two workflows`,
        figures: [
          figure('taken and delivered', run.rate, '/s', { atLeast: 30_000 }),
          figure('taken', run.taken, '/s'),
          figure('executions started', run.started, ''),
          figure('CPU of the server, each', run.cost.serverMs * 1_000, 'µs'),
          figure('CPU of PostgreSQL, each', run.cost.postgresMs * 1_000, 'µs'),
          figure('WAL, each', run.cost.walBytes, 'bytes'),
          figure('answers that were not 202', sum(runs.map(({ refused }) => refused)), '', { below: 1 }),
        ],
        runs,
      };
    }),
};

function hearing(name: string, event: string, filter: string) {
  return {
    name,
    triggers: [{ id: 'on', type: 'event', event, filter }],
    nodes: [{ id: 'done', type: 'transform', config: { value: '{{ $trigger.id }}' } }],
  };
}

const BODY = JSON.stringify(
  Array.from({ length: BATCH }, (_, n) => ({
    type: 'order.placed',
    key: `customer-${n % 97}`,
    data: { n, total: 40 + n, customer: `customer-${n % 97}`, items: ['book', 'pen'] },
  })),
);

async function flood(server: Server, seconds: number) {
  const before = { ...(await counts(server)), meter: await readMeter(server) };
  const begun = performance.now();
  const load = await runLoad({
    ...{ url: `${server.url}/api/events`, headers: server.headers, body: BODY },
    ...{ connections: CONNECTIONS, warmup: 0, seconds },
  });
  const taken = performance.now();
  while (await isBehind(server)) await sleep(LOOK_MS);
  const ended = performance.now();
  const after = { ...(await counts(server)), meter: await readMeter(server) };
  const messages = after.messages - before.messages;
  return {
    rate: (messages * 1_000) / (ended - begun),
    taken: (messages * 1_000) / (taken - begun),
    started: after.executions - before.executions,
    refused: load.requests - (load.statusCounts[202] ?? 0) + load.errors,
    cost: costOf(before.meter, after.meter, messages),
  };
}

async function counts({ sql }: Server): Promise<{ messages: number; executions: number }> {
  const [row] = await sql`
    select (select count(*) from messages)::int as messages, (select count(*) from workflow_executions)::int as executions`;
  return row as { messages: number; executions: number };
}

async function isBehind({ sql }: Server): Promise<boolean> {
  const [row] = await sql`
    select exists (select from messages m join message_lanes c on c.lane = m.lane where (m.tx, m.id) > (c.tx, c.id)) as behind`;
  return row!.behind as boolean;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
