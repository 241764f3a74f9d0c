/** Values against schemas, and schemas against what can be checked. */
import { describe, expect, test } from 'vitest';
import { jsonSchemaFaults } from './check.ts';
import { fitFaults } from './fit.ts';

/** Schema, values that fit, values that do not. */
const CASES: [schema: unknown, fit: unknown[], misfit: unknown[]][] = [
  [true, [1, null], []],
  [{}, [1, 'a', null], []],
  [false, [], [1, null]],
  [{ type: 'string' }, ['', 'a'], [1, null, []]],
  [{ type: 'object' }, [{}], [[], null, 'a']],
  [{ type: 'array' }, [[]], [{}]],
  [{ type: 'integer' }, [1, 1.0], [1.5, '1']],
  [{ type: ['number', 'null'] }, [1.5, null], ['a', true]],
  [{ type: 'boolean' }, [true], [0]],
  [{ enum: ['a', 1, { b: 1, c: [2] }] }, ['a', 1, { c: [2], b: 1 }], ['b', '1', { b: 1 }, undefined]],
  [{ const: null }, [null], [0, 'null']],
  [{ minimum: 1, maximum: 3 }, [1, 3, 'text is not its business'], [0, 4]],
  [{ exclusiveMinimum: 1, exclusiveMaximum: 3 }, [2], [1, 3]],
  [{ multipleOf: 0.1 }, [0.3, 7], [0.35]],
  [{ minLength: 2, maxLength: 3 }, ['🎯🎯', 'abc', 5], ['🎯', 'abcd']],
  [{ pattern: 'b+' }, ['abc', 5], ['ac']],
  [{ format: 'date-time' }, ['2026-01-01T00:00:00Z', 5], ['yesterday']],
  [{ format: 'email' }, ['a@b.io'], ['a@']],
  [{ format: 'what we do not know' }, ['a'], []],
  [{ minItems: 1, maxItems: 2 }, [[1], [1, 2], 'text'], [[], [1, 2, 3]]],
  [{ minProperties: 1, maxProperties: 1 }, [{ a: 1 }, 'text'], [{}, { a: 1, b: 2 }]],
  [{ required: ['a'] }, [{ a: null }, 'no object'], [{}, { toString: 1 }]],
  [{ required: ['constructor'] }, [], [{}]],
  [{ dependentRequired: { a: ['b'] } }, [{}, { a: 1, b: 2 }, 'text'], [{ a: 1 }]],
  [{ properties: { a: { type: 'string' } } }, [{ a: 'x' }, { b: 1 }, 3], [{ a: 1 }]],
  [{ patternProperties: { '^x-': { type: 'number' } } }, [{ 'x-a': 1, b: 'c' }], [{ 'x-a': 'b' }]],
  [
    { properties: { a: true }, patternProperties: { '^x-': true }, additionalProperties: false },
    [{ a: 1, 'x-b': 2 }],
    [{ c: 1 }, { toString: 1 }],
  ],
  [{ additionalProperties: { type: 'number' } }, [{ a: 1 }], [{ a: 'b' }]],
  [{ propertyNames: { maxLength: 2 } }, [{ ab: 1 }], [{ abc: 1 }]],
  [{ items: { type: 'number' } }, [[1, 2], [], 'text'], [[1, 'a']]],
  [{ prefixItems: [{ type: 'number' }], items: { type: 'string' } }, [[1, 'a'], [1], []], [['a'], [1, 2]]],
  [{ items: [{ type: 'number' }], additionalItems: false }, [[1]], [[1, 2], ['a']]],
  [{ items: { type: 'number' }, additionalItems: false }, [[1, 2]], [['a']]],
  [
    { contains: { const: 1 } },
    [
      [2, 1],
      [1, 1],
    ],
    [[], [2]],
  ],
  [{ contains: { const: 1 }, minContains: 1, maxContains: 2 }, [[1], [1, 1, 2], 'text'], [[], [1, 1, 1]]],
  [
    { uniqueItems: true },
    [[1, 2], 'aa'],
    [
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
  ],
  [{ allOf: [{ type: 'number' }, { minimum: 2 }] }, [2], ['a', 1]],
  [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, [1, null], ['a']],
  [{ oneOf: [{ minimum: 1 }, { maximum: 1 }] }, [0, 2], [1]],
  [{ not: { type: 'number' } }, ['a'], [1]],
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  [{ if: { type: 'number' }, then: { minimum: 5 }, else: { const: 'a' } }, [5, 'a'], [4, 'b']],
  [{ if: { type: 'number' } }, [5, 'a'], []],
  [{ $defs: { 'a/b': { type: 'number' } }, items: { $ref: '#/$defs/a~1b' } }, [[1]], [['a']]],
  [{ properties: { child: { $ref: '#' } }, required: ['id'] }, [{ id: 1, child: { id: 2 } }], [{ id: 1, child: {} }]],
];

test.each(CASES)('%j', (schema, fit, misfit) => {
  expect(jsonSchemaFaults(schema)).toEqual([]);
  for (const value of fit) expect(fitFaults(schema, value), JSON.stringify(value)).toEqual([]);
  for (const value of misfit) expect(fitFaults(schema, value), JSON.stringify(value)).not.toEqual([]);
});

describe('faults', () => {
  test('name the place and what is wanted, all at once', () => {
    const schema = {
      type: 'object',
      properties: {
        severity: { enum: ['critical', 'info'] },
        lines: { items: { properties: { at: { minimum: 1 } } } },
      },
      required: ['severity', 'service'],
    };
    expect(fitFaults(schema, { severity: 'bad', lines: [{ at: 1 }, { at: 0 }] })).toEqual([
      { path: 'severity', message: 'must be one of "critical", "info"' },
      { path: 'lines[1].at', message: 'must be at least 1, is 0' },
      { path: 'service', message: 'is missing' },
    ]);
    expect(fitFaults({ type: ['string', 'null'] }, [])).toEqual([
      { path: '', message: 'takes string or null, is array' },
    ]);
  });

  test('of the nearest alternative', () => {
    const schema = { anyOf: [{ required: ['a', 'b'] }, { required: ['a', 'c', 'd'] }] };
    expect(fitFaults(schema, { c: 1, d: 1 })).toEqual([{ path: 'a', message: 'is missing' }]);
  });

  test('are 20 at most', () => {
    expect(fitFaults({ items: { type: 'string' } }, Array(1_000).fill(1))).toHaveLength(20);
  });
});

describe('hostile schemas', () => {
  test('a circle of references ends', () => {
    expect(() => fitFaults({ $ref: '#' }, 1)).toThrow('refers to itself');
  });

  test('alternatives that multiply end', () => {
    const levels = Array.from({ length: 40 }, (_, n) => [
      `l${n}`,
      { anyOf: Array(3).fill({ $ref: `#/$defs/l${n + 1}` }) },
    ]);
    const schema = { $defs: { ...Object.fromEntries(levels), l40: false }, $ref: '#/$defs/l0' };
    expect(() => fitFaults(schema, 1)).toThrow('too much work');
  });

  test('a pattern that would explode elsewhere is linear here', () => {
    expect(fitFaults({ pattern: '^(a+)+$' }, `${'a'.repeat(5_000)}b`)).toHaveLength(1);
  });
});

test.each([
  [5, '', 'is an object'],
  [{ type: 'text' }, 'type', 'one or more of object, array'],
  [{ type: [] }, 'type', 'one or more'],
  [{ properties: { id: { pattern: '(?=a)' } } }, 'properties.id.pattern', 'RE2'],
  [{ patternProperties: { '(': true } }, '(', 'RE2'],
  [{ items: { $ref: '#/$defs/gone' } }, 'items.$ref', 'not in this schema'],
  [{ $ref: 'https://example.com/schema' }, '$ref', 'not in this schema'],
  [{ $ref: '#/type/toString', type: 'object' }, '$ref', 'not in this schema'],
  [{ unevaluatedProperties: false }, 'unevaluatedProperties', 'not supported'],
  [{ properties: [] }, 'properties', 'by name'],
  [{ anyOf: [] }, 'anyOf', 'at least one'],
  [{ anyOf: [true, 3] }, 'anyOf[1]', 'is an object'],
  [{ items: [{ type: 'x' }] }, 'items[0].type', 'one or more'],
  [{ required: true }, 'required', 'a list'],
  [{ minLength: '3' }, 'minLength', 'a number'],
  [{ multipleOf: 0 }, 'multipleOf', 'above 0'],
])('the schema %j is refused at %j', (schema, path, message) => {
  expect(jsonSchemaFaults(schema)).toEqual([{ path, message: expect.stringContaining(message) }]);
});

test('a schema nested without end is refused', () => {
  const endless: { not?: unknown } = {};
  endless.not = endless;
  expect(jsonSchemaFaults(endless)).toHaveLength(1);
});
