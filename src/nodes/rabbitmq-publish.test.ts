import { expect, test } from 'vitest';
import { Senders } from '../engine/senders.ts';
import { memoryBroker } from '../testing/memory-broker.ts';
import { testTask } from '../testing/task.ts';
import { type RabbitmqPublishConfig, rabbitmqPublishConfig, rabbitmqPublishNode } from './rabbitmq-publish.ts';

const broker = memoryBroker('rabbitmq');
const senders = new Senders(new Map([['rabbitmq', broker]]), { sleep: () => new Promise(() => {}) });
const node = rabbitmqPublishNode(senders);

async function run(config: Partial<RabbitmqPublishConfig>) {
  const connection = async () => ({ id: 'c', updatedAt: 1, config: {} });
  const task = testTask({}, { attempt: 2, idempotencyKey: 'e/n', input: { n: 1 }, connection });
  await node.run({ connection: 'rabbit', ...config }, task);
  return broker.sent.at(-1)!;
}

const usual = { exchange: '', routingKey: 'orders', persistent: true, mandatory: true };

test('the input goes out as JSON to a queue, with the id of the node', async () => {
  const { value, ...message } = await run({ routingKey: 'orders' });
  expect(new TextDecoder().decode(value!)).toBe('{"n":1}');
  expect(message).toEqual({ to: usual, id: 'e/n', headers: { 'myelin-id': 'e/n' } });
});

test('durations are milliseconds, and what came to nothing is left out', async () => {
  const { to } = await run({ routingKey: 7 as never, delay: '1m', priority: null as never, expiration: null as never });
  expect(to).toEqual({ ...usual, routingKey: '7', delay: 60_000 });
  expect((await run({ exchange: 'shop', expiration: 5, mandatory: false })).to).toEqual({
    ...{ exchange: 'shop', routingKey: '', expiration: 5, persistent: true, mandatory: false },
  });
  expect((await run({ routingKey: 'orders', delay: 0 })).to).toEqual(usual);
});

test.each<[object, string]>([
  [{ routingKey: null }, 'routingKey: came to nothing'],
  [{ routingKey: 'ä'.repeat(128) }, 'routingKey: '],
  [{ routingKey: 'a', priority: 'high' }, 'priority: '],
  [{ routingKey: 'a', delay: '31d' }, 'delay: takes at most 30d'],
  [{ routingKey: 'a', expiration: 'soon' }, 'not a duration'],
])('%j does not go out', async (config, words) => {
  const before = broker.sent.length;
  await expect(run(config)).rejects.toMatchObject({
    ...{ code: 'config_invalid', message: expect.stringContaining(words) },
  });
  expect(broker.sent).toHaveLength(before);
});

test.each<[object, string]>([
  [{}, 'routingKey: is needed, or exchange'],
  [{ routingKey: 'a', declare: { kind: 'topic' } }, 'declare: goes with exchange'],
  [{ routingKey: 'a', delay: '1s', expiration: '1s' }, 'expiration: cannot be with delay'],
  [{ routingKey: 'a', priority: 256 }, 'priority: '],
])('a config of %j is refused', (fields, words) => {
  const { error } = rabbitmqPublishConfig.safeParse({ connection: 'rabbit', ...fields });
  expect(error?.issues.map(({ path, message }) => `${path}: ${message}`).join('\n')).toContain(words);
});
