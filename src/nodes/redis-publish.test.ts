import { expect, test } from 'vitest';
import { Senders } from '../engine/senders.ts';
import { memoryBroker } from '../testing/memory-broker.ts';
import { testTask } from '../testing/task.ts';
import { redisPublishNode } from './redis-publish.ts';

const broker = memoryBroker();
const node = redisPublishNode(new Senders(new Map([['redis', broker]]), { sleep: () => new Promise(() => {}) }));

async function run(config: object) {
  const connection = async () => ({ id: 'c', updatedAt: 1, config: {} });
  const task = testTask({}, { idempotencyKey: 'e/n', input: { n: 1 }, connection });
  await node.run({ connection: 'cache', ...config }, task);
  return broker.sent.at(-1);
}

test('an entry of a stream has the id of the node, and a message of a channel has no headers', async () => {
  const entry = await run({ stream: 'orders', maxLength: 10, headers: { a: 1 } });
  expect(entry).toMatchObject({
    to: { stream: 'orders', field: 'data', maxLength: 10 },
    headers: { a: '1', 'myelin-id': 'e/n' },
  });
  const message = await run({ channel: 'news', value: 'hello' });
  expect(message).toMatchObject({ to: { channel: 'news' }, id: 'e/n' });
  expect(message).not.toHaveProperty('headers');
});

test('where a template made no text of the name, the field is said that has it', async () => {
  const before = broker.sent.length;
  for (const key of [undefined, null, 7, '', {}]) {
    await expect(run({ channel: key })).rejects.toThrow('channel: came out as no text');
    await expect(run({ stream: key })).rejects.toThrow('stream: came out as no text');
  }
  expect(broker.sent).toHaveLength(before);
});
