/** Order by key, through rebalances: of two workers that share a topic of Kafka one is killed, one hangs, both come back. */
import { Admin, ProduceAcks, Producer } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { describeBroker } from '../../src/testing/brokers.ts';
import { newName } from '../../src/testing/factories.ts';
import { openPostgres } from '../program/postgres.ts';
import { deploy, eventually } from '../program/scene.ts';
import { processes } from './broker-campaign.ts';
import { settled } from './campaign.ts';
import { everyExecution } from './history.ts';
import { openSink } from './sink.ts';

const KEYS = Array.from({ length: 12 }, (_, at) => `k${at}`);
/** Messages of a key at a time: before the kill, while one is dead, as it comes back, and the same of one that hangs. */
const PART = 10;
const PARTS = 5;
const PARTITIONS = 6;

describeBroker('kafka', (address) => {
  test('workers are killed and hang under load, and come back: each key in its order, each message once', async () => {
    const client = { clientId: 'test', bootstrapBrokers: [address] };
    const admin = new Admin(client);
    const producer = new Producer({ ...client, acks: ProduceAcks.ALL, idempotent: true });
    const open: (() => Promise<unknown>)[] = [() => admin.close(), async () => producer.close(true)];
    try {
      const [topic, group] = [newName(), newName()];
      await admin.createTopics({ topics: [topic], partitions: PARTITIONS, replicas: 1 });
      const [database, sink] = await Promise.all([openPostgres(), openSink()]);
      open.push(database.close, sink.close);
      const { api, workers } = await processes(database.url, open);
      await api.call('POST', '/api/connections', {
        name: 'k',
        type: 'kafka',
        config: { brokers: address, tls: 'off' },
      });
      const trigger = { id: 'in', type: 'kafka', connection: 'k', topic, group, from: 'earliest', batch: 10 };
      await deploy(api, {
        name: 'ordered',
        triggers: [{ ...trigger, key: '{{ $trigger.key }}' }],
        nodes: [
          // Without an order those that wait come after those that do not.
          { id: 'pause', type: 'delay', config: { for: "{{ $trigger.data % 3 == 0 ? '200ms' : '1ms' }}" } },
          {
            ...{ id: 'call', type: 'http', retry: { attempts: 1_000, delay: '100ms', max: '1s' } },
            config: {
              method: 'POST',
              url: `${sink.url}/{{ $trigger.key }}/{{ $trigger.data }}`,
              body: {},
              idempotent: true,
            },
          },
        ],
        edges: ['pause -> call'],
      });

      /** Those that read, as the group has shared the topic out. */
      const readers = (count: number) =>
        eventually(async () => {
          const { state, members } = (await admin.describeGroups({ groups: [group] })).get(group)!;
          const shares = [...members.values()].map((one) => one.assignments?.get(topic)?.partitions.length ?? 0);
          const isShared = shares.length === count && shares.reduce((sum, one) => sum + one, 0) === PARTITIONS;
          return state === 'STABLE' && isShared && !shares.includes(0) ? true : undefined;
        }, 60_000);
      const send = (part: number) =>
        producer.send({
          messages: Array.from({ length: PART }, (_, at) => `${part * PART + at}`).flatMap((n) =>
            KEYS.map((key) => ({ topic, key: Buffer.from(key), value: Buffer.from(n) })),
          ),
        });
      const called = async (count: number) => {
        while (sink.targets.size < count) await sink.news();
      };

      await readers(2);
      await send(0);
      await called(KEYS.length);
      // Its share is in its hands: taken, and not acknowledged or not even durable.
      await workers[0]?.kill();
      await send(1);
      await readers(1);
      await called(1.5 * PART * KEYS.length);
      await Promise.all([workers[0]?.start(), send(2)]);
      await readers(2);
      await called(2.5 * PART * KEYS.length);
      // Longer than the group waits for it; when it wakes it goes on with what was its own.
      workers[1]?.signal('SIGSTOP');
      await send(3);
      await readers(1);
      await called(3.5 * PART * KEYS.length);
      workers[1]?.signal('SIGCONT');
      await send(4);
      await readers(2);
      const count = PARTS * PART * KEYS.length;
      await called(count);
      await settled(api, 60_000, () => workers.map(({ output }) => output.slice(-2_000)).join('\n'));

      const executions = await everyExecution(api);
      expect(executions.length).toBe(count);
      expect([...new Set(executions.map(({ status }) => status))]).toEqual(['completed']);
      // By execution, in the order of their first calls: `/KEY/N`.
      const calls = [...sink.targets.values()].map((target) => target.split('/').slice(1));
      expect(calls.length).toBe(count);
      const inOrder = Array.from({ length: PARTS * PART }, (_, n) => n);
      const byKey = Map.groupBy(calls, ([key = '']) => key);
      expect([...byKey.keys()].sort()).toEqual([...KEYS].sort());
      for (const [key, own] of byKey) expect([key, own.map(([, n]) => Number(n))]).toEqual([key, inOrder]);
      expect((await api.call('GET', '/api/dead-letters')).body.items).toEqual([]);
    } finally {
      for (const close of open.reverse()) await close();
    }
  });
});
