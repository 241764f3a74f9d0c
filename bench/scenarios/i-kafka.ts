/**
 * (i) Messages of a Kafka topic, each an execution of transform, if, transform: from the message to the finished
 * execution. The broker is that of `scripts/services.sh start kafka`, on the same machine; the messages are in the topic
 * before anybody reads it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, ProduceAcks, Producer } from '@platformatic/kafka';
import { lookUp } from '../../src/testing/broker-addresses.ts';
import { pureWorkflow } from '../definitions.ts';
import { type Figure, figure, median, type Section } from '../figure.ts';
import { costOf, readMeter } from '../meter.ts';
import { profiled, type Scenario } from '../scenario.ts';
import { type Server, withServer } from '../server.ts';
import { costFigures } from '../webhook-load.ts';

const { address: BROKER, missing } = lookUp('kafka');
/** Of one measurement; the first is not counted, since code is not compiled then. */
const COUNT = 40_000;
const PARTITIONS = 4;
const BATCH = 1_000;
const LOOK_MS = 250;
const WITHIN_MS = 120_000;

export const kafka: Scenario = {
  id: 'i',
  missing: () => missing,
  run: (options) =>
    withServer(profiled(options, 'i'), async (server) => {
      const client = { clientId: 'bench', bootstrapBrokers: [BROKER] };
      const admin = new Admin(client);
      const producer = new Producer({ ...client, acks: ProduceAcks.ALL });
      try {
        const config = { brokers: BROKER, tls: 'off' };
        await server.call('POST', '/api/connections', { name: 'kafka', type: 'kafka', config });
        const runs = [];
        for (let run = 0; run <= options.repeats; run++) {
          const topic = `bench-${Date.now()}`;
          await admin.createTopics({ topics: [topic], partitions: PARTITIONS, replicas: 1 });
          await fill(producer, topic);
          const measured = await measure(server, topic);
          if (run > 0) runs.push(measured);
          await admin.deleteTopics({ topics: [topic] });
        }
        return sectionOf(runs);
      } finally {
        await Promise.all([admin.close(), producer.close()]);
      }
    }),
};

interface Run {
  readonly rate: number;
  readonly cost: ReturnType<typeof costOf>;
}

function sectionOf(runs: readonly Run[]): Section {
  const { rate, cost } = median(runs, (run) => run.rate);
  const figures: Figure[] = [figure('finished executions', rate, '/s', { atLeast: 4_000 }), ...costFigures(cost)];
  const many = COUNT.toLocaleString('en-US');
  return { id: 'i', title: `${many} messages of Kafka -> transform -> if -> transform`, figures, runs };
}

/** From the moment the trigger begins to listen; joining the group is a part of it. */
async function measure(server: Server, topic: string): Promise<Run> {
  const { nodes, edges } = pureWorkflow(topic, 'accepted');
  const trigger = { id: 'in', type: 'kafka', connection: 'kafka', topic, from: 'earliest', batch: BATCH };
  const before = await readMeter(server);
  const begun = performance.now();
  const text = JSON.stringify({ nodes, edges }).replaceAll('$trigger.body', '$trigger.data');
  const id = await server.deploy({ name: topic, triggers: [trigger], ...JSON.parse(text) });
  await finished(server, id);
  const seconds = (performance.now() - begun) / 1_000;
  const cost = costOf(before, await readMeter(server), COUNT);
  await server.call('POST', `/api/workflows/${id}/pause`);
  return { rate: COUNT / seconds, cost };
}

async function finished({ sql }: Server, id: string): Promise<void> {
  const giveUp = performance.now() + WITHIN_MS;
  for (;;) {
    const [row] = await sql`
      select count(*)::int as ended from workflow_executions where workflow_id = ${id} and status = 'completed'`;
    if (row!.ended >= COUNT) return;
    if (performance.now() > giveUp) throw new Error(`${row!.ended} of ${COUNT} finished in ${WITHIN_MS / 1_000} s`);
    await sleep(LOOK_MS);
  }
}

async function fill(producer: Producer, topic: string): Promise<void> {
  const all = Array.from({ length: COUNT }, (_, id) => ({
    topic,
    partition: id % PARTITIONS,
    key: Buffer.from(String(id)),
    value: Buffer.from(JSON.stringify({ id, amount: 200 })),
  }));
  for (let at = 0; at < COUNT; at += BATCH) await producer.send({ messages: all.slice(at, at + BATCH) });
}
