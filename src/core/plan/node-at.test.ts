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
  for (const path of ['', 'nobody', 'top[0]', 'top/inner', 'fan[2]/same', 'fan/same', 'each[0]', 'each[0]/', 'a[b']) {
    expect(typeAt(path), path).toBeUndefined();
  }
});
