import { expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import { decide, next, replay } from './index.ts';

const env = { now: 2_000_000, id: () => 'id', random: () => 0 };

test('a history replayed goes on where it stopped, and asks for nothing a second time', () => {
  const run = new Drive({
    nodes: [
      { id: 'a', type: 'act' },
      { id: 'b', type: 'act' },
    ],
    edges: ['a -> b'],
  });
  run.complete('a', 1);
  const state = replay('e', 'p', run.state.plan, run.history);
  expect(state.seq).toBe(run.history.length);
  expect([...state.tasks.keys()]).toEqual(['b']);
  expect(next(state)).toEqual([]);
  decide(state, { type: 'task-completed', path: 'b', attempt: 1, result: { output: 2 } }, env);
  expect(state).toMatchObject({ status: 'completed', output: 2 });
});

test('a history that stops before a node has had its turn gives it its turn', () => {
  const run = new Drive({ nodes: [{ id: 'a', type: 'act' }] });
  const state = replay('e', 'p', run.state.plan, run.history.slice(0, 2));
  decide(state, { type: 'advance' }, env);
  expect(next(state)).toMatchObject([{ kind: 'task', path: 'a', attempt: 1 }]);
});
