import { expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import { taskInput } from './index.ts';

const noSecret = () => 'value';

test('an expression sees the execution, its workflow and the time', () => {
  const set = {
    e: '{{ $execution.id }}',
    c: '{{ $execution.callbackUrl }}',
    x: '{{ $execution }}',
    w: '{{ $workflow.name }}',
    v: '{{ $vars.none }}',
    t: '{{ $trigger.n }}',
    now: '{{ $now }}',
  };
  const run = new Drive({ nodes: [{ id: 'a', type: 'transform', config: { value: set } }] }, { n: 4 });
  const x = { id: 'e', createdAt: expect.stringMatching(/^1970-/), callbackUrl: '/callbacks/e' };
  expect(run.state.output).toEqual({
    e: 'e',
    c: '/callbacks/e',
    x,
    w: 'test',
    v: undefined,
    t: 4,
    now: expect.stringMatching(/^1970-/),
  });
});

test('outside a container there is no item, index or result', () => {
  const value = '{{ [$item, $index, $results] }}';
  const body = { nodes: [{ id: 'v', type: 'transform', config: { value } }] };
  const run = new Drive({
    nodes: [{ id: 'p', type: 'parallel', config: { branches: { x: body } } }],
  });
  expect(run.state.output).toEqual({ x: [undefined, undefined, undefined] });
});

test('a task sees the same time in every attempt, and its secrets', () => {
  const run = new Drive({
    nodes: [
      {
        id: 'a',
        type: 'act',
        config: { input: '{{ [$now.toMillis(), $secrets.KEY] }}' },
        retry: { attempts: 2 },
      },
    ],
  });
  const first = taskInput(run.state, 'a', noSecret).resolve();
  run.fail('a', 'transient');
  run.fire();
  const input = taskInput(run.state, 'a', noSecret);
  expect(input.resolve()).toEqual(first);
  expect((first as { input: unknown[] }).input[1]).toBe('value');
  expect(input.env.node?.('nowhere')).toBeUndefined();
});

test('a config that does not fit after its expressions is refused', () => {
  const run = new Drive({ nodes: [{ id: 'a', type: 'act', config: { effect: 'read', input: '{{ 1 }}' } }] });
  expect(taskInput(run.state, 'a', noSecret).resolve()).toEqual({ effect: 'read', input: 1 });
  expect(() => taskInput(run.state, 'zz', noSecret)).toThrow('no node at zz');
});
