/** The examples of messages, run by the real program: a router, agents whose findings are gathered, an outbox. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../docs/blocks.ts';
import { connect } from '../program/database.ts';
import { deploy, eventually, executionsOf, reaches } from '../program/scene.ts';
import { type Answer, Program } from '../program/server.ts';

let program: Program;

beforeAll(async () => {
  program = await Program.create();
  await program.start();
});
afterAll(() => program.dispose());

const example = (name: string): string => readFileSync(join(ROOT, 'examples', name), 'utf8');

const listener = (name: string, trigger: object) => ({
  name,
  triggers: [{ id: 'in', ...trigger }],
  nodes: [{ id: 'seen', type: 'transform', config: { value: '{{ $trigger }}' } }],
});

/** Outputs of the executions of a workflow, oldest first, once so many have ended. */
async function heard(workflow: string, count: number): Promise<Answer['body'][]> {
  const ended = await eventually(async () => {
    const all = await executionsOf(program, workflow);
    return all.filter(({ status }) => status === 'completed').length >= count ? all : undefined;
  }, 60_000);
  const whole = await Promise.all(ended.reverse().map(({ id }) => program.call('GET', `/api/executions/${id}`)));
  return whole.map(({ body }) => body.output);
}

describe('event-router', () => {
  const send = async (...messages: readonly (readonly [string, object])[]) => {
    const body = messages.map(([type, data]) => ({ type, data }));
    expect((await program.call('POST', '/api/events', body)).status).toBe(202);
  };

  test('each message reaches the one desk that it is for, and what is for none starts nothing', async () => {
    await deploy(program, parse(example('event-router.yaml')));
    for (const desk of ['customer', 'technical', 'sales', 'fraud']) {
      await deploy(program, listener(`at-${desk}`, { type: 'event', event: `desk.${desk}`, topic: 'desks' }));
    }
    await deploy(program, listener('at-all', { type: 'event', event: 'desk.*' }));
    await send(
      ['customer.support.request', { n: 1, customer: 'ada', text: 'Where is my order?' }],
      ['customer.support.request', { n: 2, customer: 'ada', text: 'The app shows an error' }],
      ['customer.support.request', { n: 3, customer: 'bob', text: 'That is not my order, an error of yours' }],
      ['customer.support.request', { n: 4, customer: 'bob' }],
      ['technical.support.escalation', { n: 5, customer: 'cyd', text: 'It burns' }],
      ['sales.inquiry', { n: 6, customer: 'dan', text: 'A thousand lamps' }],
      ['security.fraud.alert', { n: 7, customer: 'eve' }],
      ['payment.settled', { n: 8, customer: 'eve', amount: 10_001 }],
      ['payment.settled', { n: 9, customer: 'eve', amount: 10_000 }],
      ['stock.counted', { n: 10 }],
    );
    const numbersAt = async (desk: string, count: number) =>
      (await heard(`at-${desk}`, count)).map(({ data }) => data.n).sort();
    expect(await numbersAt('all', 7)).toEqual([1, 2, 3, 5, 6, 7, 8]);
    expect(await numbersAt('customer', 1)).toEqual([1]);
    expect(await numbersAt('technical', 2)).toEqual([2, 5]);
    expect(await numbersAt('sales', 1)).toEqual([6]);
    expect(await numbersAt('fraud', 3)).toEqual([3, 7, 8]);
    expect((await heard('at-fraud', 3))[0]).toMatchObject({ type: 'desk.fraud', partitionkey: expect.any(String) });
    expect((await program.call('GET', '/api/dead-letters')).body.items).toEqual([]);
  });
});

describe('scatter-gather', () => {
  beforeAll(() => deploy(program, parse(example('scatter-gather.yaml'))));
  const ask = (message: string) => program.call('POST', '/webhooks/scatter-gather', { message });

  test('three agents at the same time, one answer from what they found', async () => {
    const { status, body, headers } = await ask('Order 4711 came with a broken lamp, I want my money back');
    expect([status, body]).toEqual([
      200,
      {
        answer: 'We are sorry about Order 4711 and lamp. Your money is on its way.',
        found: { sentiment: 'negative', entities: ['Order 4711', 'lamp'], intent: 'refund', missing: [] },
      },
    ]);
    const id = headers.get('x-execution-id');
    const { body: history } = await program.call('GET', `/api/executions/${id}/events?limit=1000`);
    const agents = ['sentiment', 'entities', 'intent'];
    const at = (type: string) =>
      history.items.flatMap((event: Answer['body'], index: number) =>
        event.type === type && agents.includes(event.data.path) ? [index] : [],
      );
    expect(at('node.completed')).toHaveLength(3);
    expect(Math.max(...at('node.started'))).toBeLessThan(Math.min(...at('node.completed')));
  });

  test('without the one that fails', async () => {
    const { body } = await ask('I am speaking in riddles, who am I?');
    expect(body).toEqual({
      answer: 'We will find out and tell you.',
      found: { sentiment: 'neutral', entities: [], intent: 'question', missing: ['entities'] },
    });
  });
});

test('outbox: an order and its message are written together, and each message is relayed once, in order', async () => {
  const yaml = example('outbox.yaml');
  const sql = connect(program);
  try {
    const tables = yaml.match(/^# {3}.*$/gm)!.map((line) => line.slice(1));
    await sql.unsafe(tables.join('\n'));
    const { host, port, user, pass, database } = sql.options;
    const config = { host: host[0], port: port[0], user, password: String(pass), database, tls: 'off' };
    await program.call('POST', '/api/connections', { name: 'shop-db', type: 'postgres', config });
    await deploy(program, listener('told', { type: 'event', event: 'order.*', topic: 'orders' }));
    // What an application of yours writes, before anybody listens; one whose transaction is undone tells nothing.
    await sql`insert into outbox (type, key, data) select 'order.changed', 'k', jsonb_build_object('n', n)
                from generate_series(1, 150) n`;
    await sql
      .begin(async (transaction) => {
        await transaction`insert into outbox (type, data) values ('order.undone', '{}')`;
        throw new Error('undone');
      })
      .catch(() => undefined);
    await deploy(program, parse(yaml.replace('every: 5s', 'every: 1s')));
    const place = (total: unknown) =>
      program.call('POST', '/webhooks/outbox/orders', { id: 'o-1', customer: 'ada', total });
    for (const total of [40, 40, 'much']) {
      const { body } = await place(total);
      const { status } = await reaches(program, body.executionId);
      expect(status).toBe(total === 'much' ? 'failed' : 'completed');
    }
    expect(await sql`select id, customer, total from orders`).toEqual([{ id: 'o-1', customer: 'ada', total: '40' }]);
    const told = await heard('told', 151);
    expect(told.filter(({ type }) => type === 'order.placed').map(({ data }) => data)).toEqual([
      { id: 'o-1', customer: 'ada', total: 40 },
    ]);
    const changed = told.filter(({ type }) => type === 'order.changed').map(({ data }) => data.n);
    expect(changed).toEqual(Array.from({ length: 150 }, (_, n) => n + 1));
    await eventually(async () => ((await sql`select 1 from outbox`).length === 0 ? true : undefined));
    expect(await executionsOf(program, 'told')).toHaveLength(151);
  } finally {
    await sql.end();
  }
});
