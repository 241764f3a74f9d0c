import { expect, test } from 'vitest';
import { condition } from './condition.ts';

const faultOf = (value: unknown) => condition.safeParse(value).error?.issues[0]?.message;

test.each([['{{ $json.n > 1 }}'], ['{{ { a: 1 }.a }}'], [true], [false], [0]])('%j decides', (value) => {
  expect(faultOf(value)).toBeUndefined();
});

test.each([
  ['{{ $json.n > 1 }} }}', 'has text around {{ }}'],
  ['{{ $json.a }}{{ $json.b }}', 'has text around {{ }}'],
  [' {{ $json.a }}', 'has text around {{ }}'],
  ['{{ $json.a }}\n', 'has text around {{ }}'],
  ['$json.n > 1', 'is a plain text, which always holds; write it as {{ $json.n > 1 }}'],
  [`$json.n == '${'x'.repeat(60)}'`, 'write it as {{ … }}'],
  ['', 'needs a condition'],
  [undefined, 'needs a condition'],
])('%j would always hold', (value, message) => {
  expect(faultOf(value)).toContain(message);
});

test('an expression that is wrong is told once, with its position, by whoever reads expressions', () => {
  expect(faultOf('x {{ 1 + }}')).toBeUndefined();
});
