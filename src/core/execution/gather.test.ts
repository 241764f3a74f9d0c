import { expect, test } from 'vitest';
import { driveCatalog } from '../../testing/drive.ts';
import { validate } from '../definition/validate.ts';
import { compilePlan } from '../plan/compile.ts';
import { decide, newState, replay } from './index.ts';

const document = { name: 'test', nodes: [{ id: 'a', type: 'transform', config: { value: '{{ $trigger.batch }}' } }] };
const plan = compilePlan(validate(document, driveCatalog), { workflowId: 'w', version: 1 }, driveCatalog.nodes);
const env = { now: 1_000, id: () => 'id', random: () => 0 };
const triggers = [{ n: 1 }, { n: 2 }];

function created() {
  const state = newState('e', 'p', plan);
  const history = decide(state, { type: 'create', triggerId: 'hook', trigger: { n: 1 }, holds: ['w:session:1'] }, env);
  return { state, history };
}

test('what gathered starts as one, with all that started it', () => {
  const { state, history } = created();
  const events = [...history, ...decide(state, { type: 'gather', triggers }, env)];
  expect(events.map(({ type }) => type).slice(0, 3)).toEqual([
    'execution.created',
    'execution.gathered',
    'execution.started',
  ]);
  const after = replay('e', 'p', plan, events);
  expect(after).toMatchObject({ status: 'completed', output: triggers, trigger: { batch: triggers } });
  expect(after.holds).toEqual(['w:session:1']);
});

test('what has begun gathers no more', () => {
  const { state } = created();
  decide(state, { type: 'advance' }, env);
  expect(decide(state, { type: 'gather', triggers }, env)).toEqual([]);
  expect(state.trigger).toEqual({ n: 1 });
});
