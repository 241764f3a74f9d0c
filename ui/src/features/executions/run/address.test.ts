import { expect, test } from 'vitest';
import { around, containerOf, iterationOf, keyOf, nameOf } from './address.ts';

test('an address says what is inside of what', () => {
  expect(containerOf('each[3]/inner[0]/fetch')).toBe('each[3]/inner');
  expect(iterationOf('each[3]/fetch')).toBe('each[3]');
  expect(containerOf('fetch')).toBeNull();
  expect(nameOf('each[3]/fetch')).toBe('fetch');
  expect(keyOf('each[3]')).toBe('3');
  expect(around('each[3]/inner[left]/fetch')).toEqual(['each', 'each[3]', 'each[3]/inner', 'each[3]/inner[left]']);
});
