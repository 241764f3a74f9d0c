import { expect, test } from 'vitest';
import { Senders } from '../engine/senders.ts';
import { memoryBroker } from '../testing/memory-broker.ts';
import { testTask } from '../testing/task.ts';
import { type KafkaPublishConfig, kafkaPublishNode } from './kafka-publish.ts';

const broker = memoryBroker();
const node = kafkaPublishNode(new Senders(new Map([['kafka', broker]]), { sleep: () => new Promise(() => {}) }));

async function run(config: Partial<KafkaPublishConfig>) {
  const opened: string[] = [];
  const task = testTask(
    {},
    {
      ...{ attempt: 2, idempotencyKey: 'e/n', input: { n: 1 } },
      connection: async (name, type) => {
        opened.push(`${type} ${name}`);
        return { id: 'c', updatedAt: 1, config: {} };
      },
    },
  );
  const { output } = await node.run({ connection: 'events', topic: 'orders', ...config }, task);
  const { value, ...message } = broker.sent.at(-1)!;
  return { opened, output, message, value: value && new TextDecoder().decode(value) };
}

test('the input goes out as JSON, with the id of the node', async () => {
  const { opened, output, message, value } = await run({});
  expect(opened).toEqual(['kafka events']);
  expect(value).toBe('{"n":1}');
  expect(message).toEqual({ to: { topic: 'orders' }, id: 'e/n', headers: { 'myelin-id': 'e/n' } });
  expect(output).toMatchObject({ topic: 'orders' });
});

test.each<[unknown, string | null]>([
  ['text', 'text'],
  [null, null],
  [[1, 'ä'], '[1,"ä"]'],
  [false, 'false'],
])('the value %j goes out as %j', async (value, sent) => {
  expect((await run({ value })).value).toBe(sent);
});

test('key and headers may have come out of templates as numbers, or as nothing', async () => {
  const headers = { a: 1, b: null, c: 'x' } as never;
  expect((await run({ key: 7, headers })).message).toMatchObject({
    key: '7',
    headers: { a: '1', c: 'x', 'myelin-id': 'e/n' },
  });
  expect((await run({ key: '' })).message).not.toHaveProperty('key');
  await expect(run({ key: {} as never })).rejects.toMatchObject({ code: 'config_invalid' });
  await expect(run({ headers: { a: [] } as never })).rejects.toThrow('headers.a');
});

test('what is too large does not go out', async () => {
  const before = broker.sent.length;
  await expect(run({ value: 'ä'.repeat(600_000) })).rejects.toMatchObject({ code: 'limit_exceeded' });
  expect(broker.sent).toHaveLength(before);
});
