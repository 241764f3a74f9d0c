import { describe, expect, test } from 'vitest';
import { besideForm, faultsOf, initialOf } from './form-data.ts';

const form = {
  type: 'object',
  required: ['amount'],
  properties: { amount: { type: 'number' }, reason: { type: 'string', default: 'lost' }, note: { type: 'string' } },
};
const data = { amount: 40, customer: 'Ada' };

describe('a form begins with', () => {
  test('the fields that it names, of what is shown, and its defaults', () => {
    expect(initialOf({ form, data, path: 'ask' })).toEqual({ amount: 40, reason: 'lost' });
  });
  test('all arguments of a tool', () => {
    expect(initialOf({ form, data, path: 'desk[1]/approve' })).toEqual(data);
  });
  test('what is shown, where it names nothing', () => {
    expect(initialOf({ form: { type: 'object' }, data, path: 'ask' })).toEqual(data);
    expect(initialOf({ form: true, data: 3, path: 'ask' })).toBe(3);
    expect(initialOf({ form: { type: 'string', default: 'x' }, data, path: 'ask' })).toBe('x');
  });
  test('nothing, where there is none', () => {
    expect(initialOf({ form: null, data, path: 'ask' })).toBeUndefined();
  });
});

test('beside the form stands what it does not show', () => {
  expect(besideForm({ form, data, path: 'ask' })).toEqual({ customer: 'Ada' });
  expect(besideForm({ form, data: { amount: 1 }, path: 'ask' })).toBeUndefined();
  expect(besideForm({ form: null, data, path: 'ask' })).toEqual(data);
  expect(besideForm({ form, data, path: 'desk[1]/approve' })).toBeUndefined();
});

test('faults are found by the path of their control', async () => {
  expect(await faultsOf(form, { reason: 3 })).toEqual(
    new Map([
      ['amount', 'is missing'],
      ['reason', expect.any(String)],
    ]),
  );
});
