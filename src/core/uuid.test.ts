import { expect, test } from 'vitest';
import { isUuid, timeOfUuid } from './uuid.ts';

test.each([
  ['00000000-0000-7000-8000-000000000001', true],
  ['01992A4E-0000-7000-8000-00000000ABCD', true],
  ['00000000-0000-7000-8000-00000000000', false],
  ['00000000-0000-7000-8000-000000000001 ', false],
  ['00000000000070008000000000000001', false],
  ['order', false],
])('%j: %s', (text, expected) => expect(isUuid(text)).toBe(expected));

test('an id tells when it was made', () => {
  expect(timeOfUuid('01992a4e-0c00-7000-8000-000000000001')).toBe(0x01992a4e0c00);
});
