import { expect, test } from 'vitest';
import { emptyOf, type JsonSchema, plainOf, shapeOf } from './shape.ts';
import { carry, labelsOf, variantOf } from './variants.ts';

const kind = (schema: JsonSchema) => shapeOf(schema).kind;

test('each schema asks for a control', () => {
  expect(kind({ enum: ['a', 'b'] })).toBe('choice');
  expect(kind({ anyOf: [{ const: 'a' }, { const: 'b' }] })).toBe('choice');
  expect(kind({ type: ['string', 'null'] })).toBe('text');
  expect(kind({ anyOf: [{ type: 'string' }, { type: 'number' }] })).toBe('text');
  expect(kind({ anyOf: [{ type: 'integer' }, { type: 'null' }] })).toBe('number');
  expect(kind({ type: 'object', additionalProperties: { type: 'string' } })).toBe('record');
  expect(kind({ type: 'object', properties: {} })).toBe('object');
  expect(kind({ type: 'array' })).toBe('list');
  expect(kind({ anyOf: [{ type: 'string' }, { type: 'array' }] })).toBe('variants');
  expect(kind({})).toBe('any');
});

test('references and parts are one schema', () => {
  const root = { $defs: { a: { type: 'object', properties: { x: {} }, required: ['x'] } } };
  expect(plainOf({ allOf: [{ $ref: '#/$defs/a' }, { properties: { y: {} } }] }, root)).toMatchObject({
    properties: { x: {}, y: {} },
    required: ['x'],
  });
});

const byWhen = { type: 'object', properties: { when: {}, port: { type: 'string' } }, required: ['when', 'port'] };
const byValue = { type: 'object', properties: { equals: {}, port: { type: 'string' } }, required: ['equals', 'port'] };
const cases: JsonSchema[] = [
  { type: 'object', properties: { cases: { type: 'array', items: byWhen } }, required: ['cases'] },
  { type: 'object', properties: { value: {}, cases: { type: 'array', items: byValue } }, required: ['value', 'cases'] },
];

test('a value is of the variant that fits it best', () => {
  expect(variantOf(cases, { cases: [{ when: true, port: 'a' }] })).toBe(0);
  expect(variantOf(cases, { value: 1, cases: [] })).toBe(1);
  const auth = ['basic', 'bearer'].map((type) => ({ type: 'object', properties: { type: { const: type } } }));
  expect(variantOf(auth, { type: 'bearer' })).toBe(1);
  expect(labelsOf(auth)).toEqual(['basic', 'bearer']);
});

test('another variant takes what it can', () => {
  expect(carry({ value: 1, cases: [{ equals: 1, port: 'a' }] }, cases[0]!)).toEqual({
    cases: [{ when: '', port: 'a' }],
  });
  expect(carry('me', { type: 'array', items: { type: 'string' } })).toEqual(['me']);
  expect(carry(['me', 'you'], { type: 'string' })).toBe('me');
});

test('a new object has what it needs', () => {
  expect(emptyOf(cases[1]!)).toEqual({ value: '', cases: [] });
});
