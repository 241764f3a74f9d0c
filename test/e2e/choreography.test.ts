/** The choreography of an order, by the real program: over its own messages with a SIGKILL in the middle, and over Kafka. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeBroker } from '../../src/testing/brokers.ts';
import { newName } from '../../src/testing/factories.ts';
import { ROOT } from '../docs/blocks.ts';
import { deploy, eventually, executionsOf } from '../program/scene.ts';
import { Program } from '../program/server.ts';

/** What may fail, with the reason, and all that is done and undone then, in order. */
const WAYS = [
  { ends: 'confirmed', steps: ['reserved', 'charged', 'shipped', 'notified'] },
  { fail_at: 'reserve', ends: 'canceled', reason: 'out of stock', steps: [] },
  { fail_at: 'charge', ends: 'canceled', reason: 'the card was declined', steps: ['reserved', 'released'] },
  {
    ...{ fail_at: 'ship', ends: 'canceled', reason: 'no carrier' },
    steps: ['reserved', 'charged', 'refunded', 'released'],
  },
  {
    ...{ fail_at: 'notify', ends: 'canceled', reason: 'no address' },
    steps: ['reserved', 'charged', 'shipped', 'recalled', 'refunded', 'released'],
  },
];
const EACH = 4;
const ORDERS = WAYS.flatMap((way, at) =>
  Array.from({ length: EACH }, (_, n) => ({ ...way, id: `o-${at}-${n}`, items: ['book'], total: 10 * n })),
);
/** Executions of each of the five: one for whatever it does or undoes of an order, and of `orders` two for each. */
const COUNTS = { orders: 2 * 5, inventory: 5 + 3, payment: 4 + 2, shipping: 3 + 1, notification: 2 };
/** Kinds of messages, as they follow one another. */
const TYPES = [
  ...['order.created', 'inventory.reserved', 'payment.processed', 'shipping.sent', 'notification.sent'],
  ...['notification.failed', 'shipping.failed', 'payment.failed', 'inventory.refused'],
  ...['shipping.recalled', 'payment.refunded', 'inventory.released', 'order.confirmed', 'order.canceled'],
];

let program: Program;

beforeAll(async () => {
  program = await Program.create();
  await program.start();
});
afterAll(() => program.dispose());

/** The five of a folder, with what `own` makes of each document. */
async function deployAll(folder: string, own = (yaml: string, _name: string): string => yaml): Promise<void> {
  const path = join(ROOT, 'examples', folder);
  for (const file of readdirSync(path)) {
    await deploy(program, parse(own(readFileSync(join(path, file), 'utf8'), file.replace('.yaml', ''))));
  }
}

const listener = (name: string, triggers: readonly object[]) => ({
  name,
  triggers: triggers.map((trigger, at) => ({ id: `in-${at}`, ...trigger })),
  nodes: [{ id: 'seen', type: 'transform', config: { value: '{{ $trigger }}' } }],
});

async function place(path: string, orders: readonly (typeof ORDERS)[number][]): Promise<void> {
  const answers = await Promise.all(
    orders.map(({ id, items, total, fail_at }) =>
      program.call('POST', `/webhooks/${path}`, { id, items, total, fail_at }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(orders.map(() => 202));
}

const completed = async (workflow: string) =>
  (await executionsOf(program, workflow)).filter(({ status }) => status === 'completed');

const areHeard = (workflow: string, count: number) =>
  eventually(async () => ((await completed(workflow)).length >= count ? true : undefined), 120_000);

/** Each order ended in its way, once, by as many executions as that takes; `endOf` tells which way from the last message. */
async function checkEnds(
  listening: string,
  prefix: string,
  endOf: (message: { type?: string; topic?: string }) => string,
) {
  await areHeard(listening, ORDERS.length);
  const heard = await Promise.all(
    (await executionsOf(program, listening)).map(({ id }) => program.call('GET', `/api/executions/${id}`)),
  );
  const ends = heard.map(({ body: { output } }) => {
    const { id, items, total, reason, steps } = output.data;
    return { id, items, total, ends: endOf(output), ...(reason !== undefined && { reason }), steps };
  });
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  expect(ends.sort(byId)).toEqual(
    ORDERS.map(({ fail_at, reason, ...order }) => ({
      ...order,
      ...(reason !== undefined && { reason: expect.stringContaining(reason) }),
    })).sort(byId),
  );
  for (const [name, count] of Object.entries(COUNTS)) {
    const workflow = `${prefix}choreography-${name}`;
    await areHeard(workflow, count * EACH);
    const statuses = (await executionsOf(program, workflow)).map(({ status }) => status);
    expect([name, statuses]).toEqual([name, Array(count * EACH).fill('completed')]);
  }
  expect((await program.call('GET', '/api/dead-letters')).body.items).toEqual([]);
}

test('over the bus, through a SIGKILL: confirmed, or undone in reverse and canceled, each exactly once', async () => {
  await deployAll('order-choreography');
  await deploy(
    program,
    listener(
      'ends',
      ['confirmed', 'canceled'].map((end) => ({ type: 'event', event: `order.${end}` })),
    ),
  );
  await deploy(
    program,
    listener('chain', [{ type: 'event', event: '*', filter: "{{ $trigger.data.id == 'o-4-0' }}" }]),
  );
  await place('choreography/orders', ORDERS.slice(0, ORDERS.length / 2));
  await areHeard('ends', 1);
  await program.kill();
  await program.start();
  await place('choreography/orders', ORDERS.slice(ORDERS.length / 2));
  await checkEnds('ends', '', ({ type = '' }) => type.replace('order.', ''));
  // Of the longest way: one message caused the next.
  const chain = await eventually(async () => {
    const all = await completed('chain');
    return all.length >= 9 ? all.reverse() : undefined;
  });
  const messages = (await Promise.all(chain.map(({ id }) => program.call('GET', `/api/executions/${id}`)))).map(
    ({ body }) => body.output,
  );
  expect(messages.map(({ type }) => type)).toEqual([
    ...['order.created', 'inventory.reserved', 'payment.processed', 'shipping.sent', 'notification.failed'],
    ...['shipping.recalled', 'payment.refunded', 'inventory.released', 'order.canceled'],
  ]);
  expect(new Set(messages.map(({ correlationid }) => correlationid)).size).toBe(1);
  expect(messages.slice(1).map(({ causationid }) => causationid)).toEqual(messages.slice(0, -1).map(({ id }) => id));
});

describeBroker('kafka', (address) => {
  describe('over Kafka', () => {
    const own = newName();
    const topicOf = (type: string) => `${own}.${type}`;

    test('confirmed, or undone in reverse and canceled, each exactly once', async () => {
      const admin = new Admin({ clientId: 'test', bootstrapBrokers: [address] });
      try {
        await admin.createTopics({ topics: TYPES.map(topicOf), partitions: 3, replicas: 1 });
        const config = { brokers: address, tls: 'off' };
        await program.call('POST', '/api/connections', { name: 'events', type: 'kafka', config });
        // What all share gets names of its own: topics, and the groups that read them.
        const names = new RegExp(`\\b(${TYPES.map((type) => type.replace('.', '\\.')).join('|')})\\b`, 'g');
        await deployAll('order-choreography-kafka', (yaml, name) =>
          yaml
            .replaceAll(names, (type) => topicOf(type))
            .replaceAll(/id: (\w+), type: kafka,/g, (text, id) => `${text} group: ${own}-${name}-${id},`),
        );
        const hear = ['confirmed', 'canceled'].map((end) => ({
          ...{ type: 'kafka', connection: 'events', from: 'earliest' },
          ...{ topic: topicOf(`order.${end}`), group: `${own}-${end}` },
        }));
        await deploy(program, listener('kafka-ends', hear));
        await place('kafka-choreography/orders', ORDERS);
        await checkEnds('kafka-ends', 'kafka-', ({ topic = '' }) => topic.replace(topicOf('order.'), ''));
      } finally {
        await admin.close();
      }
    });
  });
});
