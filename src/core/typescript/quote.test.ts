import { expect, test } from 'vitest';
import { quoteAccess } from './quote.ts';

test('a property is read by its name, its number, or its text', () => {
  expect(quoteAccess('name')).toBe('.name');
  expect(quoteAccess('12')).toBe('[12]');
  expect(quoteAccess('odd name')).toBe("['odd name']");
});
