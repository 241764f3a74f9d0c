import { expect, test } from 'vitest';
import { readValue } from './database-values.ts';

test.each<[string, number, string | null, unknown]>([
  ['bool', 16, 't', true],
  ['int8, which no number holds', 20, '9007199254740993', '9007199254740993'],
  ['numeric', 1700, '0.10', '0.10'],
  ['float8', 701, '1.5', 1.5],
  ['float8 that is no number', 701, 'NaN', 'NaN'],
  ['bytea', 17, '\\x00ff', 'AP8='],
  ['jsonb', 3802, '{"a":[1]}', { a: [1] }],
  ['null', 23, null, null],
  ['timestamptz', 1184, '2026-03-01 01:30:00.123456+05:30', '2026-02-28T20:00:00.123456Z'],
  ['timestamptz of a whole hour', 1184, '2026-03-01 01:30:00+01', '2026-03-01T00:30:00Z'],
  ['timestamp', 1114, '2026-03-01 01:30:00', '2026-03-01T01:30:00'],
  ['a moment that never comes', 1184, 'infinity', 'infinity'],
  ['a year BC', 1114, '0044-03-15 12:00:00 BC', '0044-03-15 12:00:00 BC'],
  ['date', 1082, '2026-03-01', '2026-03-01'],
  ['a type that nobody knows', 99_999, '(1,2)', '(1,2)'],
  ['int4[]', 1007, '{1,NULL,3}', [1, null, 3]],
  ['text[]', 1009, '{a,"b \\"c\\", {d}","NULL",""}', ['a', 'b "c", {d}', 'NULL', '']],
  [
    'int8[][]',
    1016,
    '{{1,2},{3,4}}',
    [
      ['1', '2'],
      ['3', '4'],
    ],
  ],
  ['int4[] with bounds', 1007, '[0:1]={1,2}', [1, 2]],
  ['an empty array', 1009, '{}', []],
  ['jsonb[]', 3807, '{"{\\"a\\": 1}"}', [{ a: 1 }]],
])('%s', (_, type, text, value) => {
  expect(readValue(type, text)).toEqual(value);
});

test('a key that reaches a prototype is refused', () => {
  expect(() => readValue(3802, '{"__proto__":1}')).toThrow(/__proto__/);
});
