import { describe, expect, test } from 'vitest';
import type { Policy } from '../core/event-schema/event-schema.ts';
import { checkMessage, prepared, type Version } from '../core/event-schema/read-message.ts';
import { Drive } from '../testing/drive.ts';
import { emitNode } from './emit.ts';

const emitting = (config: Record<string, unknown>, trigger: unknown) =>
  new Drive({ nodes: [{ id: 'e', type: 'emit', config: { type: 'order.created', ...config } }] }, trigger);

test('publishes its input where no data is named, and completes with the id of the message', () => {
  const run = emitting({}, { n: 1 });
  const [demand] = run.demands;
  if (demand?.kind !== 'message') return expect.unreachable();
  expect(demand.message).toEqual({ type: 'order.created', data: { n: 1 } });
  expect(run.state.output).toEqual({ id: demand.id });
});

test('key and topic go along; a key may come as a number, and as nothing', () => {
  const config = { type: '{{ $json.type }}', data: { id: '{{ $json.id }}' }, key: '{{ $json.id }}', topic: 'orders' };
  const message = (trigger: unknown) => emitting(config, trigger).demands.find((one) => one.kind === 'message');
  expect(message({ type: 'a.b', id: 7 })).toMatchObject({
    message: { type: 'a.b', data: { id: 7 }, key: '7', topic: 'orders' },
  });
  expect(message({ type: 'a.b' })?.message).not.toHaveProperty('key');
});

test.each([
  [{ type: '{{ $json.none }}' }, 'type: takes a text such as order.created'],
  [{ type: '{{ "two words" }}' }, 'type: takes a text such as order.created'],
  [{ key: '{{ ["a"] }}' }, 'key: takes a text'],
  [{ key: '{{ "a\\nb" }}' }, 'key: takes a text'],
  [{ data: '{{ "x".repeat(300000) }}' }, 'data: 300002 characters of JSON'],
])('%j fails the node and says why', (config, message) => {
  expect(emitting(config, {}).state.failure?.error.message).toContain(message);
});

describe('of a type with a schema', () => {
  const schema = { type: 'object', required: ['n'], properties: { n: { type: 'number' } } };
  const driveBy = (config: Record<string, unknown>, trigger: unknown, policy: Policy = 'reject') => {
    const of = { projectId: 'p', type: 'order.created', policy, upcast: null, createdAt: 1 };
    const versions = [1, 2].map((version) => prepared({ ...of, version, schema: version === 1 ? true : schema }));
    const node = emitNode({ check: (_, message) => checkMessage(versions as [Version, Version], message) });
    return node.step({ type: 'order.created', ...config }, { json: trigger, now: 1, env: {}, projectId: 'p' });
  };

  test('it names the version it was checked by', () => {
    expect(driveBy({}, { n: 1 })).toMatchObject({ message: { dataschema: '/api/event-schemas/order.created/2' } });
    expect(driveBy({ schema: 1 }, 'any')).toMatchObject({
      message: { dataschema: '/api/event-schemas/order.created/1' },
    });
  });

  test('what does not fit fails the node, unless the policy lets it through', () => {
    expect(() => driveBy({}, { n: 'x' })).toThrow(
      expect.objectContaining({
        code: 'message_invalid',
        message: 'schema 2 of order.created: data.n: takes number, is string',
      }),
    );
    expect(() => driveBy({ schema: 3 }, { n: 1 })).toThrow('there is no version 3');
    expect(driveBy({}, {}, 'allow')).toMatchObject({ do: 'emit' });
  });
});
