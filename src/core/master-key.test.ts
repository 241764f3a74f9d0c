import { expect, test } from 'vitest';
import { formatMasterKeys, parseMasterKeys } from './master-key.ts';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');

test('one key is version 1; of several the newest comes first, and they are written as they are read', () => {
  expect(parseMasterKeys(` ${key(1)}\n`)).toEqual([{ version: 1, bytes: new Uint8Array(32).fill(1) }]);
  const several = parseMasterKeys(`1:${key(1)},3:${key(255)} 2:${key(0)}`);
  expect(several.map(({ version }) => version)).toEqual([3, 2, 1]);
  expect(parseMasterKeys(formatMasterKeys(several))).toEqual(several);
});

test.each([
  ['', 'holds no key'],
  ['hunter2', '32 bytes in base64'],
  [Buffer.alloc(16).toString('base64'), '32 bytes in base64'],
  [`0:${key(1)}`, '32 bytes in base64'],
  [`1:${key(1)},${key(2)}`, 'two keys of one version'],
])('%j is refused', (text, message) => {
  expect(() => parseMasterKeys(text)).toThrow(message);
  expect(() => parseMasterKeys(text)).not.toThrow('hunter2');
});
