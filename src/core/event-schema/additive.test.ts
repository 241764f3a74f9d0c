import { describe, expect, test } from 'vitest';
import { additiveFaults } from './additive.ts';

const BREAK = ': readers of version 1 would break; make a new type, or give upcast';
const said = (older: unknown, newer: unknown) =>
  additiveFaults(older, newer, 1).map(({ path, message }) => `${path}: ${message}`);
/** Of a field `f`. */
const field = (schema: unknown) => ({ properties: { f: schema } });
const both = (older: unknown, newer: unknown) => said(field(older), field(newer));

test('a change is told with its place, what was, what is, and what to do', () => {
  const older = { type: 'object', properties: { total: { type: 'number' } } };
  expect(said(older, { type: 'object', properties: { total: { type: 'string' } } })).toEqual([
    'properties.total: was number, is string: readers of version 1 would break; make a new type, or give upcast',
  ]);
});

describe('only adds', () => {
  test.each([
    ['nothing', { type: 'string' }, { type: 'string' }],
    ['a wider type', { type: 'integer' }, { type: 'number' }],
    ['one more type', { type: 'string' }, { type: ['string', 'null'] }],
    ['no type any more', { type: 'string' }, {}],
    ['one more value', { enum: ['a', 'b'] }, { enum: ['b', 'c', 'a'] }],
    ['values beside a constant', { const: { a: 1, b: 2 } }, { enum: [1, { b: 2, a: 1 }] }],
    ['any value', { enum: ['a'] }, {}],
    ['a field', { properties: {} }, { properties: { n: { type: 'string' } } }],
    ['a required field with a default', {}, { required: ['n'], properties: { n: { default: 0 } } }],
    ['a lower minimum', { minimum: 5 }, { minimum: 4 }],
    ['a higher maximum', { maxLength: 5 }, { maxLength: 6 }],
    ['no limit any more', { maxLength: 5, pattern: 'a', uniqueItems: true, oneOf: [{}] }, {}],
    ['an alternative', { anyOf: [{ type: 'string' }] }, { anyOf: [{ type: 'null' }, { type: 'string' }] }],
    ['an item of a wider type', { items: { type: 'integer' } }, { items: { type: 'number' } }],
    ['the same tuple', { items: [{}, true] }, { items: [{}, true] }],
    ['more fields', { additionalProperties: false }, { additionalProperties: { type: 'string' } }],
    ['where nothing was taken', false, { type: 'string' }],
    ['where all is taken', { type: 'string' }, true],
    ['words', { title: 'a', description: 'b' }, { title: 'c' }],
    ['the same list of unique items', { uniqueItems: true }, { uniqueItems: true }],
  ])('%s', (_, older, newer) => {
    expect(said(older, newer)).toEqual([]);
    expect(both(older, newer)).toEqual([]);
  });
});

describe('breaks readers', () => {
  test.each([
    [{}, { type: 'string' }, 'was of any type, is string'],
    [true, { type: 'string' }, 'was of any type, is string'],
    [{ type: ['string', 'null'] }, { type: 'string' }, 'was string or null, is string'],
    [{ type: 'number' }, { type: 'integer' }, 'was number, is integer'],
    [{ enum: ['a', 'b', 'c'] }, { enum: ['a'] }, 'does not take "b", "c" any more'],
    [{}, { const: 1 }, 'was any value, is one of [1]'],
    [{ required: ['n'], properties: { n: {} } }, { properties: { n: {} } }, 'n was required, and is not any more'],
    [{ required: ['n'] }, {}, 'n was required, and is not any more'],
    [
      { properties: {} },
      { required: ['n'], properties: { n: { type: 'string' } } },
      'requires n, which data of version 1 may lack, and has no default for it',
    ],
    [{}, { required: ['n'] }, 'requires n, which data of version 1 may lack, and has no default for it'],
    [
      {},
      { required: ['n'], properties: { n: true } },
      'requires n, which data of version 1 may lack, and has no default for it',
    ],
    [{ minimum: 5 }, { minimum: 6 }, 'minimum was 5, is 6'],
    [{}, { maxItems: 6 }, 'maxItems was not set, is 6'],
    [{ maximum: 5 }, { maximum: 4 }, 'maximum was 5, is 4'],
    [{}, { uniqueItems: true }, 'its items must be unique now'],
    [{}, { pattern: 'a' }, 'pattern was not set'],
    [{ pattern: 'a' }, { pattern: 'b' }, 'pattern is another one'],
    [{ prefixItems: [{}] }, {}, 'prefixItems is another one'],
    [{}, { patternProperties: { a: {} } }, 'patternProperties was not set'],
    [{ anyOf: [{ type: 'string' }, {}] }, { anyOf: [{}] }, 'anyOf takes not all that it took'],
    [{}, { anyOf: [{}] }, 'anyOf takes not all that it took'],
    [{}, false, 'takes nothing any more'],
  ])('%j to %j', (older, newer, words) => {
    expect(said(older, newer)).toEqual([`: ${words}${BREAK}`]);
    expect(both(older, newer)).toEqual([`properties.f: ${words}${BREAK}`]);
  });

  test('inside of items, of other fields, and where a field is gone', () => {
    expect(said({ items: { type: 'string' } }, { items: { type: 'null' } })).toEqual([
      `items: was string, is null${BREAK}`,
    ]);
    expect(said({ items: field({}) }, {})).toEqual([`items.properties.f: is gone${BREAK}`]);
    expect(said({ items: {} }, { items: [{}] })).toEqual([`items: is another one${BREAK}`]);
    expect(said({ items: [{}] }, {})).toEqual([`items: is another one${BREAK}`]);
    expect(said({}, { additionalProperties: false })).toEqual([`additionalProperties: takes nothing any more${BREAK}`]);
    // The field tells of itself, once.
    expect(said({ required: ['f'], ...field({}) }, { properties: {} })).toEqual([`properties.f: is gone${BREAK}`]);
  });
});

test('references are followed, in a circle too, with what stands beside them', () => {
  const tree = (type: string, more = {}) => ({
    $ref: '#/$defs/node',
    ...more,
    $defs: {
      node: { type: 'object', required: ['v'], properties: { v: { type }, next: { $ref: '#/$defs/node' } } },
    },
  });
  expect(said(tree('string'), tree('string'))).toEqual([]);
  expect(said(tree('string'), tree('number'))).toEqual([`properties.v: was string, is number${BREAK}`]);
  expect(said(tree('string', field({})), tree('string'))).toEqual([`properties.f: is gone${BREAK}`]);
  const inline = { type: 'object', required: ['v'], properties: { v: { type: 'string' }, next: {} } };
  expect(said(tree('string'), inline)).toEqual([
    `properties.next.properties.v: is gone${BREAK}`,
    `properties.next.properties.next: is gone${BREAK}`,
  ]);
  expect(said({ $ref: '#/$defs/any', $defs: { any: true } }, { type: 'null' })).toEqual([
    `: was of any type, is null${BREAK}`,
  ]);
  expect(said({ $ref: '#' }, { $ref: '#' })).toEqual([]);
});

test('at most 20 faults are told', () => {
  const many = (type: string) => ({
    properties: Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}`, { type }])),
  });
  expect(said(many('string'), many('number'))).toHaveLength(20);
});

test('two schemas whose circles make very many pairs are given up', () => {
  const circle = (length: number) => ({
    $ref: '#/$defs/n0',
    $defs: Object.fromEntries(
      Array.from({ length }, (_, at) => [`n${at}`, field({ $ref: `#/$defs/n${(at + 1) % length}` })]),
    ),
  });
  expect(() => said(circle(211), circle(199))).toThrow('refer to themselves too much');
});
