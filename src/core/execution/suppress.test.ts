import { expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import type { Definition } from '../definition/schema.ts';
import { replay } from './index.ts';

const act = (id: string, effect: string, over: object = {}) => ({ id, type: 'act', config: { effect }, ...over });
const quiet = (document: Omit<Definition, 'name'>, trigger: unknown = { n: 7 }) =>
  new Drive(document, trigger, { pins: {}, suppressed: true });
const tasks = (drive: Drive) => drive.demands.flatMap((one) => (one.kind === 'task' ? [one.path] : []));

test('what acts says what it would have done, and the execution goes on; what only reads runs', () => {
  const pay = {
    ...{ id: 'pay', type: 'http' },
    config: {
      method: 'POST',
      url: 'https://pay.test/{{ $trigger.n }}',
      headers: { key: '{{ $secrets.PAY }}' },
    },
  };
  const nodes = [act('look', 'read'), pay, { id: 'end', type: 'transform', config: { value: '{{ $json }}' } }];
  const drive = quiet({ nodes, edges: ['look -> pay', 'pay -> end'] });
  drive.complete('look');
  expect(tasks(drive)).toEqual(['look']);
  expect(drive.status).toBe('completed');
  expect(drive.state.output).toMatchObject({
    ...{ suppressed: true, type: 'http' },
    config: { method: 'POST', url: 'https://pay.test/7', headers: { key: '$secrets.PAY' } },
  });
  expect(drive.history.find((event) => event.type === 'node.skipped')?.data).toMatchObject({
    ...{ path: 'pay', port: 'out', reason: 'effects are suppressed' },
  });
  const again = replay('e', 'p', drive.state.plan, drive.history);
  expect([again.status, again.output]).toEqual(['completed', drive.state.output]);
});

test('no message, child or answer leaves, nobody is asked, and no model is paid', () => {
  const nodes = [
    { id: 'tell', type: 'emit', config: { type: 'order.paid' } },
    { id: 'child', type: 'workflow', config: { workflow: 'other' } },
    { id: 'ask', type: 'approval', config: { title: 'Really {{ $trigger.n }}?' } },
    { id: 'heard', type: 'wait', config: { for: 'event', type: 'order.shipped' } },
    { id: 'think', type: 'agent', config: { model: 'scripted:a', prompt: 'hello' } },
    { id: 'answer', type: 'respond', config: { body: 1 } },
  ];
  const edges = ['tell -> child', 'child -> ask', 'ask:approved -> heard', 'heard -> think', 'think -> answer'];
  const drive = quiet({ nodes, edges });
  expect(drive.status).toBe('completed');
  expect(drive.demands).toEqual([]);
  expect(drive.types().filter((type) => type === 'node.skipped')).toHaveLength(nodes.length);
  expect(drive.state.root.nodes[2]?.output).toMatchObject({ type: 'approval', config: { title: 'Really 7?' } });
});

test('containers open, and each node inside is looked at', () => {
  const body = { nodes: [act('look', 'read'), act('do', 'irreversible')], edges: ['look -> do'] };
  const drive = quiet({ nodes: [{ id: 'each', type: 'map', config: { items: [1, 2], body } }] });
  drive.complete('each[0]/look');
  drive.complete('each[1]/look');
  expect(tasks(drive)).toEqual(['each[0]/look', 'each[1]/look']);
  expect(drive.state.output).toMatchObject([{ suppressed: true }, { suppressed: true }]);
});

test('what was suppressed is not undone, and what undoes does not act', () => {
  const nodes = [
    act('look', 'read', { compensate: 'undo-look' }),
    act('undo-look', 'irreversible'),
    act('do', 'irreversible', { compensate: 'undo-do' }),
    act('undo-do', 'read'),
    { id: 'no', type: 'fail', config: { message: 'no' } },
  ];
  const drive = quiet({ nodes, edges: ['look -> do', 'do -> no'] });
  drive.complete('look');
  expect(tasks(drive)).toEqual(['look']);
  expect(drive.status).toBe('compensated');
});

test('a config that the node would refuse fails it all the same', () => {
  const drive = quiet({ nodes: [{ id: 'pay', type: 'http', config: { method: 'POST', url: '{{ $trigger.gone }}' } }] });
  expect(drive.status).toBe('failed');
  expect(drive.state.failure?.error).toMatchObject({ code: 'config_invalid' });
});
