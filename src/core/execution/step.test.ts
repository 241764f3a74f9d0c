/** What a node does when its turn comes, where the rules of a whole graph do not show it. */
import { expect, test } from 'vitest';
import { Drive, driveCatalog } from '../../testing/drive.ts';
import type { ContainerNode } from '../node-type.ts';
import { compilePlan } from '../plan/compile.ts';
import { decide, newState } from './index.ts';

const env = { now: 1, id: () => 'id', random: () => 0 };
const act = { id: 't', type: 'act' };

test('an execution that another one started knows it', () => {
  const { plan } = new Drive({ nodes: [act] }).state;
  const state = newState('e2', 'p', plan);
  const parent = { executionId: 'e1', path: 'call' };
  const events = decide(state, { type: 'create', triggerId: 'manual', trigger: 5, parent }, env);
  expect(events).toMatchObject([{ type: 'execution.created', data: { trigger: 5, parent } }]);
  expect(state.parent).toEqual(parent);
});

test('the output and the input of a child are null where there are none', () => {
  const config = { workflow: 'x', input: '{{ $trigger.none }}' };
  const run = new Drive({ nodes: [{ id: 'w', type: 'workflow', config }] });
  const [child] = run.open;
  if (child?.kind !== 'child') return expect.unreachable();
  expect(child.input).toBeNull();
  run.tell({ type: 'child-ended', executionId: child.executionId, outcome: { status: 'completed' } });
  expect(run.state.output).toBeNull();
});

test.each([
  ['{{ null }}', 'items: takes a list, not null'],
  ['{{ $json.none }}', 'config: takes one of items, times and while'],
])('a loop over %s fails and says why', (items, message) => {
  const run = new Drive({ nodes: [{ id: 'l', type: 'loop', config: { items, body: { nodes: [act] } } }] });
  expect(run.state.failure?.error).toMatchObject({ code: 'config_invalid', message: `l: ${message}` });
});

test('a map wider than one decision goes on in the next, until all its items are at work', () => {
  const items = Array.from({ length: 300 }, (_, at) => at);
  const run = new Drive({ nodes: [{ id: 'm', type: 'map', config: { items, limit: 300, body: { nodes: [act] } } }] });
  expect(run.open).toHaveLength(300);
  for (const at of items) run.complete(`m[${at}]/t`, at);
  expect(run.state.output).toEqual(items);
});

test('a branch that a container skips is null in the object by name', () => {
  const parallel = driveCatalog.nodes.get('parallel') as ContainerNode;
  const lenient: ContainerNode = {
    ...parallel,
    open: (config, input) => ({ ...parallel.open(config, input), onItemError: 'skip' }),
  };
  const fails = { nodes: [{ id: 'f', type: 'fail', config: { message: 'no' } }] };
  const gives = { nodes: [{ id: 'v', type: 'transform', config: { value: 1 } }] };
  const nodes = [{ id: 'p', type: 'lenient', config: { branches: { fails, gives } } }];
  const types = new Map([...driveCatalog.nodes, ['lenient', lenient]]);
  const state = newState('e', 'p', compilePlan({ name: 'x', nodes }, { workflowId: 'w', version: 1 }, types));
  decide(state, { type: 'advance' }, env);
  expect(state.output).toEqual({ fails: null, gives: 1 });
});
