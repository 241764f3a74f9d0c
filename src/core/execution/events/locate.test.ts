/** Several waits at once, and one that ends after the execution. */
import { expect, test } from 'vitest';
import { Drive } from '../../../testing/drive.ts';

const start = { id: 's', type: 'transform', config: { value: 0 } };
const delay = (id: string, time: string) => ({ id, type: 'delay', config: { for: time } });

test('a wait that ends leaves the others as they are', () => {
  const run = new Drive({ nodes: [start, delay('a', '9s'), delay('b', '5s')], edges: ['s -> a', 's -> b'] });
  const [first, second] = [...run.state.waits.keys()];
  run.tell({ type: 'timer', timerId: second! });
  expect([...run.state.waits.keys()]).toEqual([first]);
  expect(run.status).toBe('waiting');
  run.fire();
  expect(run.state.output).toEqual({ a: 0, b: 0 });
});

test('a timer that fires after the failure changes no status; a retry finds its node completed', () => {
  const nodes = [start, { id: 'a', type: 'act' }, delay('d', '5s')];
  const run = new Drive({ nodes, edges: ['s -> a', 's -> d'] });
  run.fail('a');
  expect(run.status).toBe('failed');
  run.fire();
  expect(run.status).toBe('failed');
  run.tell({ type: 'retry', reason: '' });
  run.complete('a', 1);
  expect(run.state.output).toEqual({ d: 0, a: 1 });
});
