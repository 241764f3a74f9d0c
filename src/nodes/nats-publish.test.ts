import { expect, test } from 'vitest';
import { Senders } from '../engine/senders.ts';
import { memoryBroker } from '../testing/memory-broker.ts';
import { testTask } from '../testing/task.ts';
import { type NatsPublishConfig, natsPublishConfig, natsPublishNode } from './nats-publish.ts';

const broker = memoryBroker();
const node = natsPublishNode(new Senders(new Map([['nats', broker]]), { sleep: () => new Promise(() => {}) }));

async function run(config: Partial<NatsPublishConfig>) {
  const connection = async () => ({ id: 'c', updatedAt: 1, config: {} });
  const task = testTask({}, { idempotencyKey: 'e/n', input: { n: 1 }, connection });
  await node.run({ connection: 'events', subject: 'orders.new', ...config }, task);
  const { value, ...message } = broker.sent.at(-1)!;
  return { message, value: value && new TextDecoder().decode(value) };
}

test('the input goes out as JSON, with the id of the node', async () => {
  const { message, value } = await run({ headers: { a: 1 } as never });
  expect(value).toBe('{"n":1}');
  expect(message).toEqual({ to: { subject: 'orders.new' }, id: 'e/n', headers: { a: '1', 'myelin-id': 'e/n' } });
  expect((await run({ value: null })).value).toBeNull();
});

test('what came out of templates is no line of the protocol', async () => {
  const before = broker.sent.length;
  for (const subject of ['a\r\nPUB b 0', 'orders.>', '$JS.API.INFO', '', 7 as never]) {
    await expect(run({ subject })).rejects.toMatchObject({ code: 'config_invalid' });
  }
  await expect(run({ headers: { a: 'b\r\nc' } })).rejects.toThrow('headers.a: takes one line');
  expect(broker.sent).toHaveLength(before);
});

test('a header has a name that is one', () => {
  const check = (headers: object) =>
    natsPublishConfig.safeParse({ connection: 'events', subject: 'a', headers }).success;
  expect([check({ 'ce-type': 'b' }), check({ 'a:b': 'c' })]).toEqual([true, false]);
});
