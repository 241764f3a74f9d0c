import { expect, test } from 'vitest';
import { isMessage, namedText, textOf } from './conversation.ts';

const image = { type: 'image' as const, blob: 'a'.repeat(64), mediaType: 'image/png' };

test.each([
  [{ role: 'user', content: 'hi' }, true],
  [{ role: 'user', content: [{ type: 'text', text: 'hi' }, image] }, true],
  [{ role: 'user', content: [{ type: 'video' }] }, false],
  [{ role: 'assistant', content: '' }, true],
  [{ role: 'assistant', content: null }, false],
  [{ role: 'tool', content: '1', callId: 'c' }, true],
  [{ role: 'tool', content: '1' }, false],
  [{ role: 'tool', content: 1, callId: 'c' }, false],
  [{ role: 'system', content: 'hi' }, false],
  ['hi', false],
])('%j is a message: %s', (value, is) => expect(isMessage(value)).toBe(is));

test('the text of a content is without what is none', () => {
  expect(textOf('hi')).toBe('hi');
  expect(textOf([{ type: 'text', text: 'a' }, image, { type: 'text', text: 'b' }])).toBe('a\nb');
});

test('what is no text is named, if by its type', () => {
  expect(namedText('hi')).toBe('hi');
  expect(namedText([{ type: 'text', text: 'a' }, image, { ...image, name: 'b.png' }])).toBe('a [image/png] [b.png]');
  expect(namedText([image])).toBe('[image/png]');
});
