import { expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import { memoryBroker } from '../testing/memory-broker.ts';
import { UNHEARD } from '../testing/unheard.ts';
import { lateBroker } from './late-broker.ts';

const never = new AbortController().signal;
const message = { to: { topic: 't' }, value: null, id: '1' };
const connection = { id: 'a', updatedAt: 1, config: {} };

function world() {
  const broker = memoryBroker();
  const loads: ('done' | 'failed')[] = [];
  let isAway = false;
  const late = lateBroker({ type: 'kafka' }, async () => {
    loads.push(isAway ? 'failed' : 'done');
    if (isAway) throw new Error('no such package');
    return broker;
  });
  return {
    ...{ broker, late, loads },
    away: (away: boolean) => {
      isAway = away;
    },
  };
}

test('it is loaded by its first use, and once', async () => {
  const { broker, late, loads } = world();
  const sender = late.sender(connection);
  expect([late.type, loads, sender.isBroken]).toEqual(['kafka', [], false]);
  await Promise.all([sender.send([message], never), late.test({}, never)]);
  expect(loads).toEqual(['done']);
  expect(broker.open).toEqual(['a']);
  await sender.close();
  expect(broker.open).toEqual([]);
});

test('a sender that broke says so', async () => {
  const { broker, late } = world();
  const sender = late.sender(connection);
  broker.breakWith(new MyelinError('connection_failed', 'gone'));
  await expect(sender.send([message], never)).rejects.toThrow('gone');
  expect(sender.isBroken).toBe(true);
});

test('what could not be loaded is loaded by the next use', async () => {
  const { away, late, loads } = world();
  const sender = late.sender(connection);
  away(true);
  await expect(sender.send([message], never)).rejects.toThrow('no such package');
  away(false);
  expect(await sender.send([message], never)).toHaveLength(1);
  expect(loads).toEqual(['failed', 'done']);
});

test('who has nothing loaded has nothing to close, and consumes nothing after the end', async () => {
  const { late, loads } = world();
  await late.sender(connection).close();
  await late.close();
  expect(loads).toEqual([]);
  const over = AbortSignal.abort();
  await late.consume(
    {
      connection,
      config: {},
      group: 'g',
      batch: 1,
      take: async () => undefined,
      ...UNHEARD,
    },
    over,
  );
  expect(loads).toEqual(['done']);
});
