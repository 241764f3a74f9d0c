import { expect, test } from 'vitest';
import { isSent, mediaTypeOf, partOf, refusalOf } from './attachments.ts';

test.each([
  [{ size: 0 }, 0, 10, /empty/],
  [{ size: 11_000 }, 0, 10_000, /11 kB; the server takes 10 kB/],
  [{ size: 1 }, 20, 10, /20 files/],
  [{ size: 10 }, 19, 10, undefined],
  [{ size: 1e12 }, 0, undefined, undefined],
])('%j after %i others, where the server takes %s', (file, count, largest, why) => {
  if (why === undefined) expect(refusalOf(file, count, largest)).toBeUndefined();
  else expect(refusalOf(file, count, largest)).toMatch(why);
});

test('what has no type is a text where it reads like one', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  expect(mediaTypeOf('image/png', bytes('x'))).toBe('image/png');
  expect(mediaTypeOf('', bytes('# Größe'))).toBe('text/plain');
  expect(mediaTypeOf('', bytes('ö').subarray(0, 1))).toBe('text/plain');
  expect(mediaTypeOf('', bytes('a\0b'))).toBe('application/octet-stream');
  expect(mediaTypeOf('', Uint8Array.of(0xff, 0xfe, 0x20))).toBe('application/octet-stream');
});

test('a file is a part of the message, as what a model takes it for', () => {
  const sent = { hash: 'a'.repeat(64), name: 'x'.repeat(600), size: 3 };
  const typeOf = (mediaType: string) => partOf({ ...sent, mediaType }).type;
  expect(['image/png', 'audio/mpeg', 'image/svg+xml', 'text/csv'].map(typeOf)).toEqual([
    'image',
    'audio',
    'file',
    'file',
  ]);
  expect(partOf({ ...sent, mediaType: 'a/b' })).toEqual({
    ...{ type: 'file', blob: sent.hash, mediaType: 'a/b', name: 'x'.repeat(500) },
  });
});

test('what is kept is a file, or nothing', () => {
  expect(isSent({ hash: 'a', name: 'b', mediaType: 'c', size: 1 })).toBe(true);
  expect([null, 'x', {}, { hash: 'a', name: 'b', mediaType: 'c' }].map(isSent)).toEqual([false, false, false, false]);
});
