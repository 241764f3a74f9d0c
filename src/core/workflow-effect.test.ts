/** What a workflow may do when an agent calls it. */
import { describe, expect, test } from 'vitest';
import { driveCatalog } from '../testing/drive.ts';
import type { GraphDefinition } from './definition/schema.ts';
import { reachOf } from './workflow-effect.ts';

const reach = (...nodes: object[]) => reachOf({ nodes } as unknown as GraphDefinition, driveCatalog.nodes);
const node = (type: string, config: object = {}) => ({ id: type, type, config });
const pay = node('http', { method: 'POST', url: 'https://pay.example.com' });
const body = (...nodes: object[]) => ({ times: 1, body: { nodes, edges: [] } });

describe('the strongest effect', () => {
  test.each<[string, object[], string]>([
    ['of nothing', [], 'pure'],
    ['of what only reads', [node('transform', { value: 1 }), node('http', { url: 'https://x.example.com' })], 'read'],
    ['of a call that cannot be undone', [node('http', { url: 'https://x.example.com' }), pay], 'irreversible'],
    ['inside of a container', [node('loop', body(pay))], 'irreversible'],
    [
      'among the tools of an agent',
      [agent({ name: 'pay', description: '', type: 'http', config: pay.config })],
      'irreversible',
    ],
    ['of an agent without tools', [agent()], 'reconcilable'],
    ['of a node without a config', [{ id: 'j', type: 'join' }], 'pure'],
    ['of an answer to whoever waits', [node('respond', { body: 1 })], 'pure'],
    ['of a type nobody knows', [node('teleport')], 'irreversible'],
    ['of a config that is none', [node('http', { nothing: 1 })], 'irreversible'],
    ['of a workflow that an expression names', [node('workflow', { workflow: '{{ $json.name }}' })], 'irreversible'],
  ])('%s', (_, nodes, effect) => {
    expect(reach(...nodes).effect).toBe(effect);
  });
});

test('workflows that it calls are named: by nodes, inside of containers, and as tools', () => {
  const call = (workflow: string) => node('workflow', { workflow });
  const tool = { name: 'c', description: '', workflow: 'third' };
  const { effect, calls } = reach(call('first'), node('loop', body(call('second'))), agent(tool));
  expect(new Set(calls)).toEqual(new Set(['first', 'second', 'third']));
  expect(effect).toBe('reconcilable');
});

function agent(...tools: object[]) {
  return node('agent', { model: 'm:x', prompt: 'hi', tools });
}
