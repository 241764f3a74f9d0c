import { expect, test } from 'vitest';
import { brokenSpan, spanOf } from './json-places.ts';

const TEXT = '{ "properties": { "a.b": { "type": "x" }, "a": { "enum": [1, "two"] } } }';
const at = (path: string) => {
  const { from, to } = spanOf(TEXT, path);
  return TEXT.slice(from, to);
};

test.each([
  ['properties', '"properties"'],
  ['properties.a', '"a"'],
  ['properties.a.enum[1]', '"two"'],
  ['properties.a.b', '"a.b"'],
  ['properties.a.b.type', '"type"'],
  ['properties.gone', '"properties"'],
  ['properties.a.enum[7]', '"enum"'],
  ['gone', '{'],
  ['', '{'],
])('%j is found at %j', (path, found) => expect(at(path)).toBe(found));

test('the first place that is no JSON is found', () => {
  expect(brokenSpan('{ "a": 1 "b": 2 }').from).toBe(9);
  expect(brokenSpan('{}')).toEqual({ from: 0, to: 1 });
});
