import { expect, test } from 'vitest';
import { driveCatalog } from '../../testing/drive.ts';
import { validate } from '../definition/validate.ts';
import { compilePlan } from './compile.ts';
import { nodeAt } from './node-at.ts';

test('a node is found by its address, through loops and branches', () => {
  const act = (id: string) => ({ nodes: [{ id, type: 'act' }] });
  const each = { id: 'each', type: 'map', config: { items: [1], body: act('inner') } };
  const branches = { left: act('same'), right: { nodes: [{ id: 'same', type: 'join' }] } };
  const fan = { id: 'fan', type: 'parallel', config: { branches } };
  const nodes = [{ id: 'top', type: 'act' }, each, fan];
  const document = validate({ name: 'test', nodes, edges: ['top -> each', 'each -> fan'] }, driveCatalog);
  const plan = compilePlan(document, { workflowId: 'w', version: 1 }, driveCatalog.nodes);
  const typeAt = (path: string) => nodeAt(plan, path)?.type.type;
  expect(['top', 'each', 'each[7]/inner', 'fan[0]/same', 'fan[1]/same'].map(typeAt)).toEqual([
    ...['act', 'map', 'act', 'act', 'join'],
  ]);
  expect(['fan[left]/same', 'fan[right]/same'].map(typeAt)).toEqual(['act', 'join']);
  for (const path of [
    '',
    'nobody',
    'top[0]',
    'top[0]/inner',
    'top/inner',
    'fan[0]/other',
    'fan/same',
    'each[0]',
    'each[0]/',
    'a[b',
  ]) {
    expect(typeAt(path), path).toBeUndefined();
  }
});

test('what chooses a body anew for each iteration is asked by the node, not by the number', () => {
  const body = (id: string, type: string) => ({ nodes: [{ id, type }] });
  const branches = { context: body('context', 'act'), model: body('model', 'join') };
  const document = validate(
    { name: 'test', nodes: [{ id: 'agent', type: 'parallel', config: { branches } }] },
    driveCatalog,
  );
  const plan = compilePlan(document, { workflowId: 'w', version: 1 }, driveCatalog.nodes);
  for (const turn of [0, 1, 7]) expect(nodeAt(plan, `agent[${turn}]/model`)?.type.type).toBe('join');
});
