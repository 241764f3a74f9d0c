import { expect, test } from 'vitest';
import { hash } from './hash.ts';

test('is that of FNV-1a', () => {
  expect(hash('')).toBe(0x811c9dc5);
  expect(hash('foobar')).toBe(0xbf9cf968);
});
