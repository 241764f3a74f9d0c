import { expect, test } from 'vitest';
import { isUuid } from './uuid.ts';

test.each([
  ['00000000-0000-7000-8000-000000000001', true],
  ['01992A4E-0000-7000-8000-00000000ABCD', true],
  ['00000000-0000-7000-8000-00000000000', false],
  ['00000000-0000-7000-8000-000000000001 ', false],
  ['00000000000070008000000000000001', false],
  ['order', false],
])('%j: %s', (text, expected) => expect(isUuid(text)).toBe(expected));
