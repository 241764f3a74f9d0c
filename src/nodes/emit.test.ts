import { expect, test } from 'vitest';
import { Drive } from '../testing/drive.ts';

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
