import { expect, test } from 'vitest';
import { chosenOf } from './chosen.ts';

const versions = [5, 4, 3, 2, 1].map((version) => ({ version }));

test('the newest and the one before it', () => {
  expect(chosenOf(versions, {})).toEqual({ from: 4, to: 5 });
  expect(chosenOf(versions, { to: '3' })).toEqual({ from: 2, to: 3 });
});

test('as the address says, where there are such versions', () => {
  expect(chosenOf(versions, { from: '1', to: '4' })).toEqual({ from: 1, to: 4 });
  expect(chosenOf(versions, { from: '99', to: 'x' })).toEqual({ from: 4, to: 5 });
});

test('one version alone cannot be compared', () => {
  expect(chosenOf([{ version: 1 }], {})).toBeUndefined();
  expect(chosenOf([], {})).toBeUndefined();
});
