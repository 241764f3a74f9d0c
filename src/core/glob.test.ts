import { expect, test } from 'vitest';
import { fitsGlob } from './glob.ts';

test.each([
  ['a', 'a', true],
  ['a', 'b', false],
  ['*', '', true],
  ['get_*', 'get_pet', true],
  ['get_*', 'put_pet', false],
  ['*_pet', 'get_pet', true],
  ['a*b*c', 'a-b-c', true],
  ['a*b*c', 'a-c', false],
  ['aa*aa', 'aaa', false],
])('%s and %s: %s', (pattern, name, fits) => expect(fitsGlob(pattern, name)).toBe(fits));
