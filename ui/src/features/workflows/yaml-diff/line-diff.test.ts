import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines, hunksOf, type Line } from './line-diff.ts';

const short = (lines: readonly Line[]) =>
  lines.map(({ kind, text }) => `${{ same: ' ', removed: '-', added: '+' }[kind]}${text}`);

test('a line that changed is taken away and put in', () => {
  expect(short(diffLines('a\nb\nc', 'a\nx\nc'))).toEqual([' a', '-b', '+x', ' c']);
});

test('the way is the shortest one', () => {
  const lines = diffLines('a\nb\nc\na\nb\nb\na', 'c\nb\na\nb\na\nc');
  expect(lines.filter(({ kind }) => kind !== 'same')).toHaveLength(5);
});

test('lines have their numbers in both texts', () => {
  expect(diffLines('a\nb', 'b\nc')).toEqual([
    { kind: 'removed', text: 'a', before: 1 },
    { kind: 'same', text: 'b', before: 2, after: 1 },
    { kind: 'added', text: 'c', after: 2 },
  ]);
});

test('nothing and the same text', () => {
  expect(diffLines('', '')).toEqual([]);
  expect(short(diffLines('', 'a\n'))).toEqual(['+a']);
  expect(short(diffLines('a\n', 'a'))).toEqual([' a']);
});

test('texts with nothing in common are replaced as a whole', () => {
  const text = (of: string) => Array.from({ length: 2_000 }, (_, n) => `${of}${n}`).join('\n');
  const lines = diffLines(text('a'), text('b'));
  expect(lines[0]).toMatchObject({ kind: 'removed' });
  expect(lines).toHaveLength(4_000);
});

test('what is taken away and kept is the text before, what is put in and kept the text after', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      const lines = diffLines(a.join('\n'), b.join('\n'));
      const of = (kind: string) => lines.filter((line) => line.kind !== kind).map(({ text }) => text);
      expect(of('added')).toEqual(a);
      expect(of('removed')).toEqual(b);
    }),
  );
});

test('lines far from every difference are counted', () => {
  const before = Array.from({ length: 20 }, (_, n) => `${n}`).join('\n');
  expect(hunksOf(diffLines(before, before.replace('10', 'x')), 1)).toEqual([
    { kind: 'gap', count: 9 },
    { kind: 'same', text: '9', before: 10, after: 10 },
    { kind: 'removed', text: '10', before: 11 },
    { kind: 'added', text: 'x', after: 11 },
    { kind: 'same', text: '11', before: 12, after: 12 },
    { kind: 'gap', count: 8 },
  ]);
});
