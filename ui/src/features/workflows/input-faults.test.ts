import { expect, test } from 'vitest';
import { ApiProblem } from '../../api/problem.ts';
import { inputFaults } from './input-schema.ts';

const problem = (...paths: string[]) =>
  new ApiProblem({
    ...{ status: 400, code: 'invalid_request', detail: 'no' },
    errors: paths.map((path) => ({ path, message: `${path} is wrong` })),
  });

test('faults of fields stand at the fields, and what is about something else stays whole', () => {
  expect([...inputFaults(problem('input.order', 'input.items[0].n'))]).toEqual([
    ['order', 'input.order is wrong'],
    ['items[0].n', 'input.items[0].n is wrong'],
  ]);
  expect(inputFaults(problem('input.order', 'priority')).size).toBe(0);
  expect(inputFaults(problem()).size).toBe(0);
  expect(inputFaults(new Error('away')).size).toBe(0);
});
