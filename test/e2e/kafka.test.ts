/** The whole program between two topics of Kafka, killed in the middle: each message is one execution, and goes on once. */
import { Admin, ProduceAcks, Producer } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { describeBroker } from '../../src/testing/brokers.ts';
import { newName } from '../../src/testing/factories.ts';
import { deploy, eventually } from '../program/scene.ts';
import { Program } from '../program/server.ts';

const COUNT = 300;

describeBroker('kafka', (address) => {
  test('a SIGKILL under load loses no message and starts none twice', async () => {
    const client = { clientId: 'test', bootstrapBrokers: [address] };
    const [admin, producer] = [new Admin(client), new Producer({ ...client, acks: ProduceAcks.ALL })];
    const [orders, shipments] = [newName(), newName()];
    const program = await Program.create();
    try {
      await admin.createTopics({ topics: [orders, shipments], partitions: 3, replicas: 1 });
      await program.start();
      const config = { brokers: address, tls: 'off' };
      await program.call('POST', '/api/connections', { name: 'events', type: 'kafka', config });
      expect((await program.call('POST', '/api/connections/events/test')).body).toMatchObject({ ok: true });
      const listen = (topic: string) => ({
        id: 'in',
        type: 'kafka',
        connection: 'events',
        topic,
        from: 'earliest',
        batch: 20,
      });
      const ship = await deploy(program, {
        name: 'ship',
        triggers: [listen(orders)],
        nodes: [
          {
            id: 'tell',
            type: 'kafka.publish',
            config: { connection: 'events', topic: shipments, value: '{{ $trigger.data }}' },
          },
        ],
      });
      const note = await deploy(program, {
        name: 'note',
        triggers: [listen(shipments)],
        nodes: [{ id: 'keep', type: 'transform', config: { value: '{{ $trigger.data.n }}' } }],
      });
      const send = (from: number) =>
        producer.send({
          messages: Array.from({ length: COUNT / 2 }, (_, at) => ({
            topic: orders,
            key: Buffer.from(`${from + at}`),
            value: Buffer.from(JSON.stringify({ n: from + at })),
          })),
        });
      const completed = async (workflow: string) => {
        const path = `/api/executions?limit=200&status=completed&workflow=${workflow}`;
        const ids = new Set<string>();
        for (let cursor: string | null = ''; cursor !== null; ) {
          const { body } = await program.call('GET', `${path}${cursor === '' ? '' : `&cursor=${cursor}`}`);
          for (const { id } of body.items) ids.add(id);
          cursor = body.nextCursor;
        }
        return [...ids];
      };
      await send(0);
      const isDone = async (count: number) => ((await completed(ship)).length >= count ? true : undefined);
      await eventually(() => isDone(1), 60_000);
      await program.kill();
      await send(COUNT / 2);
      await program.start();
      await eventually(() => isDone(COUNT), 120_000);
      const noted = await eventually(async () => {
        const ids = await completed(note);
        const all = await Promise.all(ids.map((id) => program.call('GET', `/api/executions/${id}`)));
        const numbers = all.map(({ body }) => body.output as number);
        return new Set(numbers).size >= COUNT ? numbers : undefined;
      }, 60_000);
      // A node that was at work when the process died may have sent its message twice, and no other has.
      const later = noted.filter((n) => n >= COUNT / 2);
      expect(later.toSorted((a, b) => a - b)).toEqual(Array.from({ length: COUNT / 2 }, (_, at) => COUNT / 2 + at));
      const { body } = await program.call('GET', '/api/triggers');
      expect(body.items.map(({ state }: { state: { status: string } }) => state.status)).toEqual([
        'running',
        'running',
      ]);
      expect(await completed(ship)).toHaveLength(COUNT);
      expect((await program.call('GET', '/api/dead-letters')).body.items).toEqual([]);
    } finally {
      await program.dispose();
      await Promise.all([admin.close(), producer.close()]);
    }
  });
});
