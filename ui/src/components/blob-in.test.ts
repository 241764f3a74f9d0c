import { expect, test } from 'vitest';
import { blobIn, showable } from './blob-in.ts';

const hash = 'a'.repeat(64);

test.each([
  [
    { type: 'file', blob: hash, mediaType: 'text/plain', name: 'a.txt' },
    { hash, name: 'a.txt', mediaType: 'text/plain' },
  ],
  [
    { hash, size: 4, mediaType: 'image/png' },
    { hash, name: undefined, mediaType: 'image/png' },
  ],
  [
    { hash, size: 4 },
    { hash, name: undefined, mediaType: undefined },
  ],
  [
    { blob: hash, name: '' },
    { hash, name: undefined, mediaType: undefined },
  ],
  [{ hash }, undefined],
  [{ blob: 'b' }, undefined],
  [{ blob: { hash, size: 4 } }, undefined],
  [hash, undefined],
  [null, undefined],
])('%j names %j', (value, named) => expect(blobIn(value)).toEqual(named));

test.each([
  ['image/png', 'image'],
  ['audio/mpeg', 'audio'],
  ['image/svg+xml', undefined],
  ['IMAGE/SVG+xml', undefined],
  ['text/html', undefined],
  ['application/pdf', undefined],
  [undefined, undefined],
] as const)('%s is shown as %s', (type, as) => expect(showable(type)).toBe(as));
