import { expect, test } from 'vitest';
import { driveCatalog } from '../../testing/drive.ts';
import { definitionFaults } from '../definition/validate.ts';
import { compileFlow } from './plan.ts';
import type { FlowSettings } from './settings.ts';

const faultsOf = (settings: object) =>
  definitionFaults({ name: 'test', settings, nodes: [{ id: 'a', type: 'transform' }] }, driveCatalog);
const pathsOf = (settings: object) => faultsOf(settings).map(({ path }) => path);

test('what is sound passes', () => {
  const user = '{{ $trigger.body.user }}';
  const gates = { concurrency: { limit: 3 }, rateLimit: { limit: 10, per: '1m', key: user }, session: user };
  expect(faultsOf({ ...gates, debounce: { wait: '5s', max: '1m', key: user } })).toEqual([]);
  expect(faultsOf({ ...gates, batch: { size: 10, wait: '10s' } })).toEqual([]);
});

test.each([
  ['concurrency', { limit: 0 }],
  ['concurrency', {}],
  ['rateLimit', { limit: 1 }],
  ['rateLimit', { limit: 1, per: '0s' }],
  ['rateLimit', { limit: 1, per: 'soon' }],
  ['debounce', {}],
  ['batch', { size: 1, wait: '1s' }],
  ['batch', { size: 1001, wait: '1s' }],
  ['batch', { size: 2, wait: '1s', every: '1s' }],
])('%s refuses %j', (name, value) => {
  expect(pathsOf({ [name]: value })).toHaveLength(1);
  expect(pathsOf({ [name]: value })[0]).toMatch(`settings.${name}`);
});

test('every fault of a key has its place', () => {
  const keys = {
    concurrency: { limit: 1, key: '{{ $node.a }}' },
    rateLimit: { limit: 1, per: '1s', key: '{{ $triger.body }}' },
    debounce: { wait: '1s', key: '$trigger.body.user' },
    session: '{{ 1 + }}',
  };
  expect(pathsOf(keys)).toEqual([
    'settings.concurrency.key',
    'settings.rateLimit.key',
    'settings.debounce.key',
    'settings.session',
  ]);
  expect(pathsOf({ batch: { size: 2, wait: '1s', key: '{{ $secrets.A }}' } })).toEqual(['settings.batch.key']);
  expect(faultsOf(keys)[2]?.message).toContain('{{ }}');
});

test('a debounce that could not wait, and two ways to gather, are faults', () => {
  expect(pathsOf({ debounce: { wait: '1m', max: '5s' } })).toEqual(['settings.debounce.max']);
  expect(pathsOf({ debounce: { wait: '1s' }, batch: { size: 2, wait: '1s' } })).toEqual(['settings.batch']);
});

test('without flow control there is no plan of it', () => {
  const none: FlowSettings = {};
  expect(compileFlow(none, 'w')).toBeNull();
  expect(compileFlow({ session: '{{ $trigger }}' }, 'w')).not.toBeNull();
});
