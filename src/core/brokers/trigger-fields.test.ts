import { expect, test } from 'vitest';
import { z } from 'zod';
import { brokerTriggerFields, defaultGroup, groupField, triggerConnection } from './trigger-fields.ts';

const config = z.strictObject({ ...brokerTriggerFields, connection: triggerConnection('kafka'), group: groupField });
const faults = (fields: object) =>
  config.safeParse({ connection: 'events', ...fields }).error?.issues.map(({ path, message }) => `${path}: ${message}`);

test('only the connection is needed', () => {
  expect(faults({})).toBeUndefined();
  expect(faults({ decode: 'raw', key: '{{ $trigger.key }}', batch: 1, group: 'a.b_c-D' })).toBeUndefined();
});

test.each<[object, string]>([
  [{ connection: 'Not one' }, 'connection: takes the name of a connection'],
  [{ decode: 'avro' }, 'decode: '],
  [{ key: '$trigger.key' }, 'key: write an expression in {{ }}'],
  [{ key: '{{ $node.a }}' }, 'key: $node cannot be used here'],
  [{ batch: 0 }, 'batch: '],
  [{ batch: 5_001 }, 'batch: '],
  [{ group: 'a b' }, 'group: takes letters'],
])('%j is refused', (fields, words) => {
  expect(faults(fields)?.[0]).toContain(words);
});

test('a group of its own is made of names that stay over versions', () => {
  expect(defaultGroup('orders', 'in')).toBe('myelin-orders-in');
});
