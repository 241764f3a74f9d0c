import { expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import { memoryBroker } from '../testing/memory-broker.ts';
import { Senders } from './senders.ts';

const never = new AbortController().signal;
const message = (id: string) => ({ to: { topic: 't' }, value: null, id });
const connection = (id: string, updatedAt = 1) => ({ id, updatedAt, config: {} });

function world() {
  const broker = memoryBroker();
  const sleeping: { wake: () => void; signal: AbortSignal | undefined }[] = [];
  const sleep = (_: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      sleeping.push({ wake: resolve, signal });
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  const senders = new Senders(new Map([['kafka', broker]]), { sleep });
  const send = (one: ReturnType<typeof connection>, id = 'm') => senders.publish('kafka', one, [message(id)], never);
  return { broker, senders, sleeping, send };
}

test('a connection has one sender, until it is changed', async () => {
  const { broker, send } = world();
  expect(await send(connection('a'), '1')).toEqual([{ topic: 't', offset: 0 }]);
  await Promise.all([send(connection('a'), '2'), send(connection('b'), '3')]);
  expect(broker.sent.map(({ id }) => id)).toEqual(['1', '2', '3']);
  expect(broker.open).toEqual(['a', 'b']);
  await send(connection('a', 2));
  expect(broker.open).toEqual(['b', 'a']);
});

test('one that broke is left for another', async () => {
  const { broker, send } = world();
  broker.breakWith(new MyelinError('connection_failed', 'gone'));
  await expect(send(connection('a'))).rejects.toThrow('gone');
  broker.breakWith(undefined);
  await send(connection('a'));
  expect(broker.open).toEqual(['a']);
});

test('one that nobody uses for a while is closed, and one that is used is not', async () => {
  const { broker, send, sleeping } = world();
  await send(connection('a'));
  await send(connection('a'));
  const [first, second] = sleeping;
  expect(first?.signal?.aborted).toBe(true);
  expect(broker.open).toEqual(['a']);
  second?.wake();
  await expect.poll(() => broker.open).toEqual([]);
});

test('all are closed at the end', async () => {
  const { broker, senders, send } = world();
  await Promise.all(['a', 'b'].map((id) => send(connection(id))));
  await senders.close();
  expect(broker.open).toEqual([]);
});
