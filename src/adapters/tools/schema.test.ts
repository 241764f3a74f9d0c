import { expect, test } from 'vitest';
import { jsonSchemaFaults } from '../../core/json-schema/check.ts';
import { fitFaults } from '../../core/json-schema/fit.ts';
import { argumentSchema, plainSchema } from './schema.ts';

const root = {
  components: {
    schemas: {
      Name: { type: 'string', minLength: 2 },
      Pet: { type: 'object', properties: { name: { $ref: '#/components/schemas/Name' } }, required: ['name'] },
      Tree: {
        type: 'object',
        properties: { value: { type: 'integer' }, left: { $ref: '#/components/schemas/Tree' } },
        required: ['value'],
      },
    },
  },
};
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

test('references are written out', () => {
  expect(plainSchema({ type: 'array', items: ref('Pet') }, root)).toEqual({
    type: 'array',
    items: { type: 'object', properties: { name: { type: 'string', minLength: 2 } }, required: ['name'] },
  });
});

test('what stands beside a reference holds too', () => {
  expect(plainSchema({ ...ref('Name'), description: 'of the dog' }, root)).toEqual({
    type: 'string',
    minLength: 2,
    description: 'of the dog',
  });
});

test('a schema inside itself takes anything from there on', () => {
  expect(plainSchema(ref('Tree'), root)).toEqual({
    type: 'object',
    properties: { value: { type: 'integer' }, left: {} },
    required: ['value'],
  });
});

test('references to nowhere, or out of the document, take anything', () => {
  expect(plainSchema(ref('Nobody'), root)).toEqual({});
  expect(plainSchema({ $ref: 'https://evil.example/schema.json' }, root)).toEqual({});
  expect(plainSchema({ $ref: 'file:///etc/passwd' }, root)).toEqual({});
});

test('OpenAPI 3.0 is said in JSON Schema', () => {
  expect(plainSchema({ type: 'string', nullable: true, enum: ['a'] }, root)).toEqual({
    type: ['string', 'null'],
    enum: ['a', null],
  });
  expect(plainSchema({ ...ref('Pet'), nullable: true }, { ...root })).toMatchObject({ type: 'object' });
  expect(plainSchema({ allOf: [ref('Name')], nullable: true }, root)).toEqual({
    anyOf: [{ allOf: [{ type: 'string', minLength: 2 }] }, { type: 'null' }],
  });
  expect(plainSchema({ type: 'number', minimum: 0, exclusiveMinimum: true }, root)).toEqual({
    type: 'number',
    exclusiveMinimum: 0,
  });
});

test('what we cannot check is left out, and the rest is checked', () => {
  const schema = argumentSchema(
    {
      type: 'object',
      properties: {
        id: { type: 'string', pattern: '(?<=a)b' },
        n: { type: 'integer', minimum: 'one', xml: { name: 'n' }, example: 1 },
        constructor: { type: 'string' },
      },
      dependentSchemas: { id: {} },
      required: ['n'],
    },
    root,
  );
  expect(schema).toEqual({
    type: 'object',
    properties: { id: { type: 'string' }, n: { type: 'integer' } },
    required: ['n'],
  });
  expect(jsonSchemaFaults(schema)).toEqual([]);
  expect(fitFaults(schema, { id: 'x', n: 'two' })).toEqual([{ path: 'n', message: 'takes integer, is string' }]);
});

test.each([undefined, null, 'x', { type: 'string' }, true])('arguments are an object: %j', (schema) => {
  expect(argumentSchema(schema, root)).toMatchObject({ type: 'object' });
});

test('a schema that doubles with each level stays small', () => {
  const schemas: Record<string, unknown> = { S0: { type: 'string' } };
  for (let i = 1; i <= 60; i++) {
    const inner = { $ref: `#/components/schemas/S${i - 1}` };
    schemas[`S${i}`] = { type: 'object', properties: { a: inner, b: inner } };
  }
  const written = argumentSchema({ $ref: '#/components/schemas/S60' }, { components: { schemas } });
  expect(JSON.stringify(written).length).toBeLessThan(200_000);
  expect(written).toMatchObject({ properties: { a: { properties: { b: {} } } } });
});
